import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { drawNow } from '#renderer/platform/draw-now.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { FileDropZone } from '#renderer/terms/attachments/FileDropZone.tsx';
import { Citations } from '#renderer/terms/Citations.tsx';
import { CannedValuesScope, useMatterValues } from '#renderer/terms/canned-values.tsx';
import { type TypedTexts, TypedTextsProvider } from '#renderer/terms/typed-text.ts';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { focusUntaken } from '#renderer/ui/untaken.ts';
import type { TicketForm } from '#shared/domain/form/ticket-form.ts';
import type { IntakeOutcome } from '#shared/domain/intake.ts';
import type { Role } from '#shared/domain/roles.ts';
import { LIMITS } from '#shared/domain/ticket.ts';
import { dropCitation } from './cite-article.ts';
import { DraftActions } from './DraftActions.tsx';
import { DraftOrigin } from './DraftOrigin.tsx';
import { changeDraft, engineOf, type IntakeChange } from './draft-engines.ts';
import { changeForm, type FieldChange, fillDraft, lineOf } from './form/draft-form.ts';
import { FormSection } from './form/FormSection.tsx';
import { useFormProblemLabels, useReadForm } from './form/use-draft-form.ts';
import { IntakeForm } from './IntakeForm.tsx';
import classes from './IntakePanel.module.css';
import { keepTyped, type OpenDraft, patchDraft } from './intake.store.ts';
import { useIntakeCommands } from './intake-commands.ts';
import { problemsOf, requiredFields, useProblemTexts } from './intake-problems.ts';
import { LongTextField } from './LongTextField.tsx';

/** Puts the focus on the first control that is marked as wrong. */
function focusFirstProblem(panel: HTMLElement | null): void {
  const marked = panel?.querySelector<HTMLElement>('[aria-invalid="true"]');
  const isGroup = marked?.getAttribute('role') === 'radiogroup' || marked?.tagName === 'FIELDSET';
  const control = isGroup ? marked?.querySelector<HTMLElement>('input') : marked;
  control?.focus();
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

/** The form of the draft on the screen, and what its keys do. */
export function ActiveDraft({ draft, centre, role, isActive, panelId, onGone }: ActiveDraftProps) {
  const { t } = useTranslation();
  const commands = useIntakeCommands();
  const texts = useProblemTexts();
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

  const typed: TypedTexts = {
    of: (field) => draft.typed?.[field] ?? null,
    keep: (field, text) => keepTyped(key, field, text),
  };

  const submit = async (wanted: IntakeOutcome) => {
    // Somebody in danger does not wait for a word in a picker.
    if (wanted !== 'hand_off' && focusUntaken(rootRef.current)) return;
    const done = await commands.submit(key, wanted, readForm);
    if (done) onGone();
    // After the problems are drawn.
    else requestAnimationFrame(() => focusFirstProblem(rootRef.current));
  };
  const discard = () => void commands.discard(key).then(onGone);

  const focusField = (testId: string) =>
    rootRef.current?.querySelector<HTMLElement>(`[data-testid="${testId}"]`)?.focus();

  const openAnswer = () => {
    drawNow(() => {
      patchDraft(key, { answerOpen: true, tried: null });
      // What is answered on the spot is nearly always a question; the choice stays open.
      if (content.type === null) change({ type: 'consult' });
    });
    focusField(TEST_IDS.intakeAnswer);
  };

  const closeAnswer = () => {
    patchDraft(key, { answerOpen: false, tried: null });
    rootRef.current?.querySelector<HTMLElement>('textarea')?.focus();
  };

  useAction('intake.submit', () => void submit(outcome), isActive && !submitting);
  useAction('intake.directAnswer', openAnswer, isActive && !submitting && !isHandedOff);
  useAction('intake.save', () => void engineOf(key)?.flush(), isActive);
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
            <TypedTextsProvider value={typed}>
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
            </TypedTextsProvider>
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
      <DraftActions
        draft={draft}
        missing={missing}
        onDiscard={discard}
        onAnswer={openAnswer}
        onSubmit={(wanted) => void submit(wanted)}
      />
    </CannedValuesScope>
  );
}
