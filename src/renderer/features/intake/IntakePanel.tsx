import { Button } from '@mantine/core';
import { IconAlertCircle, IconFilePencil, IconTrash } from '@tabler/icons-react';
import { useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { FileDropZone } from '#renderer/terms/attachments/FileDropZone.tsx';
import { FileOwner } from '#renderer/terms/attachments/files-being-stored.ts';
import { Citations } from '#renderer/terms/Citations.tsx';
import { CannedValuesScope, useMatterValues } from '#renderer/terms/canned-values.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import { useLater } from '#renderer/ui/later.ts';
import type { TicketForm } from '#shared/domain/form/ticket-form.ts';
import type { IntakeOutcome } from '#shared/domain/intake.ts';
import type { Role } from '#shared/domain/roles.ts';
import { LIMITS } from '#shared/domain/ticket.ts';
import { dropCitation } from './cite-article.ts';
import { DraftOrigin } from './DraftOrigin.tsx';
import { DraftTabs, useDraftName } from './DraftTabs.tsx';
import { changeForm, type FieldChange, fillDraft, lineOf } from './form/draft-form.ts';
import { FormSection } from './form/FormSection.tsx';
import { useFormProblemLabels, useReadForm } from './form/use-draft-form.ts';
import { IntakeForm } from './IntakeForm.tsx';
import classes from './IntakePanel.module.css';
import { type OpenDraft, patchDraft, selectActive, servicesOf, useIntakeStore } from './intake.store.ts';
import { useIntakeCommands } from './intake-commands.ts';
import { problemsOf, requiredFields, useProblemTexts } from './intake-problems.ts';
import { changeDraft, engineOf, type IntakeChange, openBlankDraft, showDraft } from './intake-session.ts';
import { LongTextField } from './LongTextField.tsx';
import { SaveStateText } from './SaveStateText.tsx';
import { SubmittedLine } from './SubmittedLine.tsx';

/** Puts the focus on the first control that is marked as wrong. */
function focusFirstProblem(panel: HTMLElement | null): void {
  const marked = panel?.querySelector<HTMLElement>('[aria-invalid="true"]');
  const isGroup = marked?.getAttribute('role') === 'radiogroup' || marked?.tagName === 'FIELDSET';
  const control = isGroup ? marked?.querySelector<HTMLElement>('input') : marked;
  control?.focus();
}

interface IntakePanelProps {
  /** Division code of the centre. */
  readonly centre: string;
  readonly role: Role;
  /** False while another page is shown: the keys of the form are not its own then. */
  readonly isActive: boolean;
}

/** The drafts of this seat: tabs, the form of the active one, and what can be done with it. */
export function IntakePanel({ centre, role, isActive }: IntakePanelProps) {
  const { t } = useTranslation();
  const { drafts, activeKey, arrivedKey, focusTicket, loaded, submittedUid } = useIntakeStore();
  const active = useIntakeStore(selectActive);
  // A form that came by itself is drawn after what the ring has to show; what the agent asked for is there at once.
  const drawnKey = useLater(activeKey, activeKey);
  const isDrawn = active !== null && (activeKey !== arrivedKey || activeKey === drawnKey);
  const commands = useIntakeCommands();
  const panelRef = useRef<HTMLDivElement>(null);
  const panelId = useId();

  useEffect(() => {
    if (focusTicket > 0) panelRef.current?.querySelector<HTMLElement>('textarea')?.focus();
  }, [focusTicket]);

  // When a draft leaves the screen its focus goes to the next one, or to the button that makes one.
  const focusWhatIsLeft = () => {
    requestAnimationFrame(() => {
      const panel = panelRef.current;
      const next =
        panel?.querySelector<HTMLElement>('textarea') ??
        panel?.querySelector<HTMLElement>(`[data-testid="${TEST_IDS.intakeNew}"]`);
      next?.focus();
    });
  };

  const step = (by: 1 | -1) => {
    const index = drafts.findIndex((draft) => draft.key === activeKey);
    const next = drafts[(index + by + drafts.length) % drafts.length];
    if (next) showDraft(next.key);
  };
  useAction('intake.next', () => step(1), isActive && drafts.length > 1);
  useAction('intake.previous', () => step(-1), isActive && drafts.length > 1);

  return (
    <section className={classes.panel} aria-label={t('intake.label')} data-testid={TEST_IDS.intake} ref={panelRef}>
      <DraftTabs
        drafts={drafts}
        activeKey={activeKey}
        panelId={panelId}
        onShow={(key) => showDraft(key, false)}
        onDiscard={(key) => void commands.discard(key).then(focusWhatIsLeft)}
        onNew={openBlankDraft}
      />
      {submittedUid && <SubmittedLine uid={submittedUid} />}
      {isDrawn ? (
        <FileOwner value={active.key} key={active.key}>
          <ActiveDraft
            draft={active}
            centre={centre}
            role={role}
            isActive={isActive}
            panelId={panelId}
            onGone={focusWhatIsLeft}
          />
        </FileOwner>
      ) : (
        loaded && (
          <EmptyState
            icon={<IconFilePencil size={36} stroke={1.4} />}
            title={t('intake.empty.title')}
            text={t('intake.empty.text', { key: actionKey('intake.new') })}
            testId={TEST_IDS.intakeEmpty}
          />
        )
      )}
    </section>
  );
}

interface ActiveDraftProps {
  readonly draft: OpenDraft;
  readonly centre: string;
  readonly role: Role;
  readonly isActive: boolean;
  readonly panelId: string;
  /** The draft was submitted or discarded. */
  readonly onGone: () => void;
}

function ActiveDraft({ draft, centre, role, isActive, panelId, onGone }: ActiveDraftProps) {
  const { t } = useTranslation();
  const commands = useIntakeCommands();
  const texts = useProblemTexts();
  const nameOf = useDraftName();
  const rootRef = useRef<HTMLDivElement>(null);
  const takeFiles = useRef<((files: readonly File[]) => void) | null>(null);
  const { key, content, answerOpen, submitting } = draft;
  const isHandedOff = draft.handOffs.length > 0;
  const outcome: IntakeOutcome = isHandedOff ? 'hand_off' : answerOpen ? 'direct_answer' : 'submit';
  const problems = problemsOf(draft);
  const readForm = useReadForm(role);
  const form = readForm(draft);
  const formProblems = useFormProblemLabels(form, outcome);
  const missing = draft.tried === null ? [] : [...problems.map(({ field }) => texts.label(field)), ...formProblems];
  const change = (patch: IntakeChange) => changeDraft(key, patch);
  const fill = (drawn: TicketForm, id: string, value: FieldChange) =>
    change((now) => fillDraft(now, readForm({ ...draft, content: now })?.filled ?? drawn, drawn, [id, value]));
  const values = useMatterValues(content);

  const submit = async (wanted: IntakeOutcome) => {
    const done = await commands.submit(key, wanted, readForm);
    if (done) onGone();
    // After the problems are drawn.
    else requestAnimationFrame(() => focusFirstProblem(rootRef.current));
  };
  const discard = () => void commands.discard(key).then(onGone);

  const openAnswer = () => {
    patchDraft(key, { answerOpen: true, tried: null });
    // What is answered on the spot is nearly always a question; the choice stays open.
    if (content.type === null) change({ type: 'consult' });
    requestAnimationFrame(() => {
      rootRef.current?.querySelector<HTMLElement>(`[data-testid="${TEST_IDS.intakeAnswer}"]`)?.focus();
    });
  };

  const closeAnswer = () => {
    patchDraft(key, { answerOpen: false, tried: null });
    rootRef.current?.querySelector<HTMLElement>('textarea')?.focus();
  };

  useAction('intake.submit', () => void submit(outcome), isActive && !submitting);
  useAction('intake.directAnswer', openAnswer, isActive && !submitting && !isHandedOff);
  useAction('intake.save', () => void engineOf(key)?.flush(), isActive);
  const focusField = (testId: string) =>
    rootRef.current?.querySelector<HTMLElement>(`[data-testid="${testId}"]`)?.focus();
  useAction('focus.title', () => focusField(TEST_IDS.intakeTitle), isActive);
  useAction('focus.place', () => focusField(TEST_IDS.intakeAddress), isActive);
  useAction('intake.discard', discard, isActive && !submitting && !isHandedOff);
  useAction('app.back', closeAnswer, isActive && answerOpen && content.answer === '');

  return (
    <CannedValuesScope values={values} gender={content.caller.gender}>
      <div
        ref={rootRef}
        id={panelId}
        role="tabpanel"
        aria-labelledby={`${panelId}-${key}`}
        style={{ display: 'contents' }}
      >
        <DraftOrigin draft={draft} />
        <FileDropZone transparent disabled={submitting} onFiles={(files) => takeFiles.current?.(files)}>
          <div className={classes.scroll}>
            <IntakeForm
              content={content}
              change={change}
              problems={problems}
              required={requiredFields(content, outcome)}
              disabled={submitting}
              centre={centre}
              isActive={isActive}
              takeFiles={takeFiles}
              special={
                form && (
                  <FormSection
                    draftForm={form}
                    line={lineOf(draft.call)}
                    onFill={(id, value) => fill(form.filled, id, value)}
                    onChangeForm={(target) => change(changeForm(form, target, draft, role))}
                    tried={draft.tried === 'submit' && outcome === 'submit'}
                    centre={centre}
                    disabled={submitting}
                    isActive={isActive}
                  />
                )
              }
            />
          </div>
        </FileDropZone>
        {answerOpen && (
          <div className={classes.answer}>
            <FieldRow
              label={t('intake.field.answer')}
              required={t('intake.required')}
              error={texts.error(problems, 'answer')}
              errorTestId={TEST_IDS.intakeFieldError('answer')}
            >
              {(control) => (
                <LongTextField
                  control={control}
                  value={content.answer}
                  onChange={(answer) => change({ answer })}
                  max={LIMITS.longText}
                  size="medium"
                  placeholder={t('intake.hint.answer')}
                  disabled={submitting}
                  testId={TEST_IDS.intakeAnswer}
                  prefer="answer"
                />
              )}
            </FieldRow>
          </div>
        )}
        {content.citations.length > 0 && (
          <div className={classes.citations}>
            <span>{t('knowledge.citation.label')}</span>
            <Citations citations={content.citations} onRemove={(citation) => dropCitation(key, citation)} />
          </div>
        )}
      </div>
      <div className={classes.bar}>
        {(missing.length > 0 || draft.submitError) && (
          <p className={classes.problems} role="alert" data-testid={TEST_IDS.intakeProblems}>
            <IconAlertCircle size={15} aria-hidden />
            {draft.submitError ??
              t('intake.problems', {
                count: missing.length,
                fields: missing.join(t('intake.comma')),
              })}
          </p>
        )}
        <SaveStateText save={draft.save} />
        <Button
          variant="subtle"
          color="gray"
          c="var(--c-muted)"
          leftSection={<IconTrash size={15} aria-hidden />}
          aria-label={t('intake.closeNamed', { name: nameOf(draft) })}
          disabled={submitting || isHandedOff}
          title={isHandedOff ? t('intake.handOffKept') : undefined}
          onClick={discard}
          data-testid={TEST_IDS.intakeTabClose(key)}
        >
          {t('intake.close')}
        </Button>
        {isHandedOff ? (
          <Button
            loading={submitting}
            aria-keyshortcuts="Control+Enter"
            rightSection={<KeyHint keys={actionKey('intake.submit')} />}
            onClick={() => void submit('hand_off')}
            data-testid={TEST_IDS.intakeHandOff}
          >
            {t('intake.handOff', { service: servicesOf(draft, t('intake.comma')) })}
          </Button>
        ) : answerOpen ? (
          <>
            <Button
              variant="default"
              disabled={submitting || content.answer.trim() !== ''}
              title={content.answer.trim() === '' ? undefined : t('intake.answerInTheWay')}
              onClick={() => void submit('submit')}
              data-testid={TEST_IDS.intakeSubmit}
            >
              {t('intake.submit')}
            </Button>
            <Button
              loading={submitting}
              aria-keyshortcuts="Control+Enter"
              rightSection={<KeyHint keys={actionKey('intake.submit')} />}
              onClick={() => void submit('direct_answer')}
              data-testid={TEST_IDS.intakeDirectAnswer}
            >
              {t('intake.directAnswer')}
            </Button>
          </>
        ) : (
          <>
            <Button
              variant="default"
              disabled={submitting}
              aria-keyshortcuts="Control+D"
              rightSection={<KeyHint keys={actionKey('intake.directAnswer')} />}
              onClick={openAnswer}
              data-testid={TEST_IDS.intakeDirectAnswer}
            >
              {t('intake.directAnswer')}
            </Button>
            <Button
              loading={submitting}
              aria-keyshortcuts="Control+Enter"
              rightSection={<KeyHint keys={actionKey('intake.submit')} />}
              onClick={() => void submit('submit')}
              data-testid={TEST_IDS.intakeSubmit}
            >
              {t('intake.submit')}
            </Button>
          </>
        )}
      </div>
    </CannedValuesScope>
  );
}
