import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CallFailure, toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { CannedTextArea } from '#renderer/terms/CannedTextArea.tsx';
import { CannedTextInput } from '#renderer/terms/CannedTextInput.tsx';
import { Dialog } from '#renderer/terms/Dialog.tsx';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
import { CheckGroup } from '#renderer/ui/CheckGroup.tsx';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { AGE_BANDS, type Citizen } from '#shared/domain/citizen.ts';
import { GENDERS, LIMITS } from '#shared/domain/ticket.ts';
import { FlagRows } from './FlagRows.tsx';
import { PersonButtons } from './PersonButtons.tsx';
import classes from './PersonEditor.module.css';
import { PhoneRows } from './PhoneRows.tsx';
import { isLifting, isTouched, type PersonForm, problemOf, toChanges, toForm, withWritten } from './person-form.ts';

interface PersonEditorProps {
  /** Null makes a new record. */
  readonly citizen: Citizen | null;
  readonly masked: boolean;
  readonly ani: string;
  readonly onClose: () => void;
}

const UNKNOWN = 'unknown';
/** Most characters, as the record holds. */
const LANGUAGE_MAX = 40;
const REMARK_MAX = 500;
const LIFT_REASON_MAX = 200;

/** 编辑诉求人: saved on this computer at once, sent when the server is there. What is masked stays so; empty keeps it. */
export function PersonEditor({ citizen, masked, ani, onClose }: PersonEditorProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const [before] = useState(() => toForm(citizen, masked, ani));
  const [form, setForm] = useState(before);
  const [failure, setFailure] = useState<CallFailure | null>(null);
  const formRef = useRef<HTMLFormElement>(null);
  const [seenAt, setSeenAt] = useState(citizen?.updatedAt ?? 0);
  const [asking, setAsking] = useState(false);
  /** Where the cursor was when leaving was asked about. */
  const askedAt = useRef<Element | null>(null);
  const stay = () => {
    setAsking(false);
    if (askedAt.current instanceof HTMLElement) askedAt.current.focus();
  };
  const leave = () => {
    if (asking) return stay();
    if (!isTouched(form, before)) return onClose();
    askedAt.current = document.activeElement;
    setAsking(true);
  };
  const change = (part: Partial<PersonForm>) => setForm((last) => ({ ...last, ...part }));
  const changes = toChanges(withWritten(form), before, masked);
  const problem = problemOf(form, before, masked);
  const lifting = isLifting(form, before);
  const isUnchanged = citizen !== null && !lifting && Object.keys(changes).length === 0;

  const textProblem = useTextProblem();
  const nameProblem = textProblem(form.name, LIMITS.name);
  const languageProblem = textProblem(form.language, LANGUAGE_MAX);
  const remarkProblem = textProblem(form.remark, REMARK_MAX);
  const liftProblem = textProblem(form.liftReason, LIFT_REASON_MAX);
  const textProblems = [nameProblem, languageProblem, remarkProblem, liftProblem];
  const cannotSave = problem !== null || isUnchanged || textProblems.some((each) => each !== null);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (cannotSave) return;
    try {
      const lift = lifting ? { lift: { reason: form.liftReason.trim() } } : {};
      await dataClient.citizens.save({ uid: citizen?.uid ?? null, seenAt, changes, ...lift });
      showNotice('success', t('citizen.edit.saved'));
      onClose();
    } catch (error) {
      const reason = toCallFailure(error);
      setFailure(reason);
      // What was typed stays; the next try is against what the record is now.
      if (reason.code === 'RECORD_CHANGED' && citizen) {
        const card = await dataClient.citizens.get({ uid: citizen.uid });
        setSeenAt(card.citizen?.updatedAt ?? seenAt);
      }
    }
  };

  const unseen = masked ? t('citizen.edit.masked') : '';
  return (
    <Dialog
      opened
      onClose={leave}
      onSubmit={() => formRef.current?.requestSubmit()}
      title={t(citizen ? 'citizen.edit.title' : 'citizen.edit.make')}
      closeLabel={t('app.close')}
      size={640}
      testId={TEST_IDS.personEditor}
    >
      <form ref={formRef} className={classes.form} onSubmit={(event) => void save(event)}>
        <FieldRow label={t('intake.field.callerName')} error={nameProblem}>
          {(control) => (
            <CannedTextInput
              id={control.id}
              data-autofocus
              value={form.name}
              placeholder={masked ? `${citizen?.fields.name ?? ''}　${unseen}` : ''}
              error={control.invalid}
              aria-describedby={control.describedBy}
              autoComplete="off"
              spellCheck={false}
              onText={(name) => change({ name })}
              prefer="word"
              data-testid={TEST_IDS.personName}
            />
          )}
        </FieldRow>
        <FieldRow group label={t('intake.field.gender')}>
          {(control) => (
            <div className={classes.inline}>
              <ChoiceGroup
                control={control}
                choices={GENDERS.map((value) => ({ value, label: t(`terms.gender.${value}`) }))}
                value={form.gender}
                onChange={(gender) => change({ gender })}
                testId={TEST_IDS.personGender}
              />
              <CheckGroup
                label={t('citizen.edit.marks')}
                checks={[
                  { value: 'organisation' as const, label: t('terms.kind.organisation') },
                  // Whoever sees the record masked may not open it.
                  {
                    value: 'confidential' as const,
                    label: t('citizen.confidential'),
                    fixed: masked && before.confidential,
                  },
                ]}
                values={[
                  ...(form.kind === 'organisation' ? (['organisation'] as const) : []),
                  ...(form.confidential ? (['confidential'] as const) : []),
                ]}
                onChange={(marks) =>
                  change({
                    kind: marks.includes('organisation') ? 'organisation' : 'person',
                    confidential: marks.includes('confidential'),
                  })
                }
                testId={(mark) => TEST_IDS.personMark(mark)}
              />
            </div>
          )}
        </FieldRow>
        {masked && before.confidential && <p className={classes.note}>{t('citizen.edit.liftWho')}</p>}
        {lifting && (
          <FieldRow required={t('intake.required')} label={t('citizen.edit.liftReason')} error={liftProblem}>
            {(control) => (
              <CannedTextInput
                id={control.id}
                required
                prefer="note"
                value={form.liftReason}
                placeholder={t('citizen.edit.liftHint')}
                error={control.invalid}
                aria-describedby={control.describedBy}
                autoComplete="off"
                onText={(liftReason) => change({ liftReason })}
                data-testid={TEST_IDS.personLiftReason}
              />
            )}
          </FieldRow>
        )}
        <FieldRow group label={t('citizen.age.label')}>
          {(control) => (
            <ChoiceGroup
              control={control}
              choices={[UNKNOWN, ...AGE_BANDS].map((value) => ({
                value,
                label: t(`citizen.age.${value as 'unknown'}`),
              }))}
              value={form.ageBand ?? UNKNOWN}
              onChange={(value) => change({ ageBand: AGE_BANDS.find((band) => band === value) ?? null })}
              testId={TEST_IDS.personAge}
            />
          )}
        </FieldRow>
        <FieldRow
          group
          label={t('intake.field.callerPhone')}
          error={problem === 'phone' ? t('citizen.edit.badPhone') : null}
        >
          {() => <PhoneRows rows={form.phones} written={form.written} onChange={change} />}
        </FieldRow>
        <FieldRow group label={t('citizen.needs.label')}>
          {() => (
            <div className={classes.inline}>
              <CheckGroup
                label={t('citizen.needs.label')}
                checks={[{ value: 'hearing' as const, label: t('citizen.needs.hearingShort') }]}
                values={form.hearing ? ['hearing'] : []}
                onChange={(values) => change({ hearing: values.length > 0 })}
                testId={() => TEST_IDS.personHearing}
              />
              <CannedTextInput
                w={300}
                aria-label={t('citizen.needs.languageLabel')}
                placeholder={t('citizen.needs.languageHint')}
                value={form.language}
                error={languageProblem}
                autoComplete="off"
                onText={(language) => change({ language })}
                prefer="word"
                data-testid={TEST_IDS.personLanguage}
              />
            </div>
          )}
        </FieldRow>
        <FieldRow label={t('citizen.remark')} error={remarkProblem}>
          {(control) => (
            <CannedTextArea
              id={control.id}
              value={form.remark}
              placeholder={unseen}
              error={control.invalid}
              aria-describedby={control.describedBy}
              autosize
              minRows={1}
              maxRows={4}
              spellCheck={false}
              onText={(remark) => change({ remark })}
              prefer="note"
              data-testid={TEST_IDS.personRemark}
            />
          )}
        </FieldRow>
        <FieldRow group label={t('citizen.flag.label')}>
          {() => (
            <FlagRows
              flags={citizen?.fields.flags.filter(({ id }) => !form.removedFlags.includes(id)) ?? []}
              added={form.addedFlags}
              text={form.flagText}
              onText={(flagText) => change({ flagText })}
              onRemove={(id) => change({ removedFlags: [...form.removedFlags, id] })}
              onAdded={(addedFlags) => change({ addedFlags })}
            />
          )}
        </FieldRow>
        {problem === 'flag' && <p className={classes.note}>{t('citizen.edit.flagOpen')}</p>}
        {problem === 'nobody' && <p className={classes.problem}>{t('citizen.edit.nobody')}</p>}
        {failure && (
          <p className={classes.problem} role="alert">
            {failureText(failure)}
          </p>
        )}
        <PersonButtons asking={asking} canSave={!cannotSave} onLeave={leave} onDrop={onClose} onStay={stay} />
      </form>
    </Dialog>
  );
}
