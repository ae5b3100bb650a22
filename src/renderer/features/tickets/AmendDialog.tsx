import { Stack } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { CannedTextArea } from '#renderer/terms/CannedTextArea.tsx';
import { CannedTextInput } from '#renderer/terms/CannedTextInput.tsx';
import { CategoryField } from '#renderer/terms/CategoryField.tsx';
import { DateTimeField } from '#renderer/terms/DateTimeField.tsx';
import { Dialog } from '#renderer/terms/Dialog.tsx';
import { DialogButtons } from '#renderer/terms/DialogButtons.tsx';
import { DivisionField } from '#renderer/terms/DivisionField.tsx';
import { useDialogWork } from '#renderer/terms/dialog-work.ts';
import { TagField } from '#renderer/terms/TagField.tsx';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { focusUntaken } from '#renderer/ui/untaken.ts';
import { LIMITS, TICKET_TYPES, type Ticket, URGENCIES } from '#shared/domain/ticket.ts';
import { type Amended, changesOf, toAmended } from './amended.ts';

interface AmendDialogProps {
  readonly ticket: Ticket;
  readonly onClose: () => void;
}

const LONG_TEXTS = ['content', 'originalWords'] as const;
const SHORT_TEXTS = [
  ['address', LIMITS.address],
  ['landmark', LIMITS.address],
  ['subject', LIMITS.address],
] as const;

/** 更正: what was written on a ticket, before it goes to a handling unit. Only what is changed is sent. */
export function AmendDialog({ ticket, onClose }: AmendDialogProps) {
  const { t } = useTranslation();
  const textProblem = useTextProblem();
  // What the person saw when they began: news of others must not become theirs.
  const [seen] = useState(() => ticket.fields);
  const [written, setWritten] = useState<Amended>(() => toAmended(seen));
  const [reason, setReason] = useState('');
  const [unreadable, setUnreadable] = useState('');
  const [isTimeTyped, setTimeTyped] = useState(false);
  const fieldsRef = useRef<HTMLDivElement>(null);
  const { working, message, run } = useDialogWork();
  const set = (part: Partial<Amended>) => setWritten((before) => ({ ...before, ...part }));

  const required = (text: string) => (text.trim() === '' ? t('tickets.amend.required') : null);
  const problems: Readonly<Record<keyof Amended | 'reason', string | null>> = {
    type: null,
    urgency: null,
    tags: null,
    divisionCode: null,
    occurredAt: unreadable === '' ? null : t('intake.problem.UNREADABLE_TIME'),
    categoryCode: written.categoryCode === null ? t('tickets.amend.required') : null,
    title: required(written.title) ?? textProblem(written.title, LIMITS.title),
    content: required(written.content) ?? textProblem(written.content, LIMITS.longText),
    originalWords: textProblem(written.originalWords, LIMITS.longText),
    address: textProblem(written.address, LIMITS.address),
    landmark: textProblem(written.landmark, LIMITS.address),
    subject: textProblem(written.subject, LIMITS.address),
    reason: textProblem(reason, 500),
  };
  const changes = changesOf(seen, written);
  const isReady = changes !== null && !working && Object.values(problems).every((problem) => problem === null);

  const submit = async () => {
    if (!isReady || focusUntaken(fieldsRef.current)) return;
    await run(async () => {
      await dataClient.tickets.amend({ uid: ticket.uid, changes, reason });
      showNotice('success', t('tickets.amend.done'));
      onClose();
    });
  };

  return (
    <Dialog
      opened
      onClose={onClose}
      onSubmit={() => void submit()}
      title={t('tickets.amend.title')}
      closeLabel={t('tickets.amend.cancel')}
      size={760}
      testId={TEST_IDS.ticketAmendDialog}
    >
      <Stack ref={fieldsRef} gap={6}>
        <FieldRow label={t('intake.field.type')} group>
          {(control) => (
            <ChoiceGroup
              control={control}
              choices={TICKET_TYPES.map((value) => ({ value, label: t(`terms.type.${value}`) }))}
              value={written.type}
              onChange={(type) => set({ type })}
              testId={TEST_IDS.ticketAmendField('type')}
            />
          )}
        </FieldRow>
        <FieldRow label={t('intake.field.category')} error={problems.categoryCode}>
          {(control) => (
            <CategoryField
              control={control}
              value={written.categoryCode}
              onChange={(categoryCode) => set({ categoryCode })}
              disabled={working}
              testId={TEST_IDS.ticketAmendField('category')}
            />
          )}
        </FieldRow>
        <FieldRow label={t('intake.field.title')} error={problems.title}>
          {({ id, invalid, describedBy }) => (
            <CannedTextInput
              id={id}
              value={written.title}
              error={invalid}
              aria-describedby={describedBy}
              data-autofocus
              spellCheck={false}
              autoComplete="off"
              onText={(title) => set({ title })}
              prefer="content"
              data-testid={TEST_IDS.ticketAmendField('title')}
            />
          )}
        </FieldRow>
        {LONG_TEXTS.map((field) => (
          <FieldRow key={field} label={t(`intake.field.${field}`)} error={problems[field]}>
            {({ id, invalid, describedBy }) => (
              <CannedTextArea
                id={id}
                value={written[field]}
                error={invalid}
                aria-describedby={describedBy}
                autosize
                minRows={field === 'content' ? 3 : 1}
                maxRows={6}
                spellCheck={false}
                onText={(text) => set({ [field]: text })}
                prefer="content"
                data-testid={TEST_IDS.ticketAmendField(field)}
              />
            )}
          </FieldRow>
        ))}
        <FieldRow label={t('intake.field.division')}>
          {(control) => (
            <DivisionField
              control={control}
              value={written.divisionCode}
              onChange={(divisionCode) => set({ divisionCode })}
              centre={ticket.centre}
              disabled={working}
              testId={TEST_IDS.ticketAmendField('division')}
            />
          )}
        </FieldRow>
        {SHORT_TEXTS.map(([field]) => (
          <FieldRow key={field} label={t(`intake.field.${field}`)} error={problems[field]}>
            {({ id, invalid, describedBy }) => (
              <CannedTextInput
                id={id}
                value={written[field]}
                error={invalid}
                aria-describedby={describedBy}
                spellCheck={false}
                autoComplete="off"
                onText={(text) => set({ [field]: text })}
                prefer="content"
                data-testid={TEST_IDS.ticketAmendField(field)}
              />
            )}
          </FieldRow>
        ))}
        <FieldRow label={t('intake.field.occurredAt')} error={isTimeTyped ? null : problems.occurredAt}>
          {(control) => (
            <DateTimeField
              control={control}
              value={written.occurredAt}
              unreadable={unreadable}
              onChange={(occurredAt, text) => {
                set({ occurredAt });
                setUnreadable(text);
              }}
              onTyping={setTimeTyped}
              placeholder={t('intake.hint.occurredAt')}
              disabled={working}
              testId={TEST_IDS.ticketAmendField('occurredAt')}
            />
          )}
        </FieldRow>
        <FieldRow label={t('intake.field.tags')}>
          {(control) => (
            <TagField
              control={control}
              values={written.tags}
              onChange={(tags) => set({ tags })}
              disabled={working}
              testId={TEST_IDS.ticketAmendField('tags')}
            />
          )}
        </FieldRow>
        <FieldRow label={t('intake.field.urgency')} group>
          {(control) => (
            <ChoiceGroup
              control={control}
              choices={URGENCIES.map((value) => ({ value, label: t(`terms.urgency.${value}`) }))}
              value={written.urgency}
              onChange={(urgency) => set({ urgency })}
              testId={TEST_IDS.ticketAmendField('urgency')}
            />
          )}
        </FieldRow>
        <FieldRow label={t('tickets.amend.reason')} error={problems.reason} help={t('tickets.amend.help')}>
          {({ id, invalid, describedBy }) => (
            <CannedTextInput
              id={id}
              value={reason}
              error={invalid}
              aria-describedby={describedBy}
              spellCheck={false}
              autoComplete="off"
              onText={setReason}
              prefer="note"
              data-testid={TEST_IDS.ticketAmendField('reason')}
            />
          )}
        </FieldRow>
      </Stack>
      {message !== null && <p role="alert">{message}</p>}
      <DialogButtons
        cancel={t('tickets.amend.cancel')}
        confirm={t('tickets.amend.send')}
        isReady={isReady}
        working={working}
        onCancel={onClose}
        onConfirm={() => void submit()}
        testId={TEST_IDS.ticketAmendConfirm}
      />
    </Dialog>
  );
}
