import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { CannedTextArea } from '#renderer/terms/CannedTextArea.tsx';
import { Dialog } from '#renderer/terms/Dialog.tsx';
import { DialogButtons } from '#renderer/terms/DialogButtons.tsx';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import type { ComparedField, Comparison, MergedValues } from '#shared/contract/attention.contract.ts';
import { LIMITS } from '#shared/domain/ticket.ts';
import classes from './ComparisonTable.module.css';
import { useComparedText, useFieldName } from './compared-text.tsx';

type Side = 'theirs' | 'mine' | 'own';
interface Choice {
  readonly side: Side;
  /** The third value, as it is written. */
  readonly text: string;
}

interface MergeDialogProps {
  readonly comparison: Comparison;
  readonly onClose: () => void;
  readonly onMerge: (values: MergedValues) => void;
}

/** Longest value of the texts that may be written anew. */
const LONGEST: Readonly<Record<string, number>> = { title: LIMITS.title, subject: LIMITS.address, name: LIMITS.name };

/** 合并: for every field theirs, mine, or a third value; nothing is sent before the last one is decided. */
export function MergeDialog({ comparison, onClose, onMerge }: MergeDialogProps) {
  const { t } = useTranslation();
  const textProblem = useTextProblem();
  const [choices, setChoices] = useState<Readonly<Record<string, Choice>>>(() =>
    Object.fromEntries(comparison.fields.map((field) => [field.field, startOf(field)])),
  );
  const choiceOf = (field: ComparedField) => choices[field.field] ?? startOf(field);
  const problemOf = (field: ComparedField) => {
    const { side, text } = choiceOf(field);
    return side === 'own' ? textProblem(text, LONGEST[field.field] ?? LIMITS.longText) : null;
  };
  const isGood = comparison.fields.every((field) => problemOf(field) === null);
  const submit = () => {
    if (!isGood) return;
    onMerge(
      Object.fromEntries(
        comparison.fields.flatMap((field) => {
          const { side, text } = choiceOf(field);
          if (side === 'own') return [[field.field, text] as const];
          return side === 'theirs' && field.theirs !== undefined ? [[field.field, field.theirs] as const] : [];
        }),
      ),
    );
  };
  return (
    <Dialog
      opened
      onClose={onClose}
      onSubmit={submit}
      title={t('outbox.merge.title')}
      closeLabel={t('outbox.merge.cancel')}
      size={860}
      testId={TEST_IDS.outboxMergeDialog}
    >
      <p className={classes.hint}>{t('outbox.merge.hint')}</p>
      {comparison.fields.map((field) => (
        <MergeField
          key={field.field}
          field={field}
          form={comparison.form}
          choice={choiceOf(field)}
          problem={problemOf(field)}
          onChange={(choice) => setChoices((before) => ({ ...before, [field.field]: choice }))}
        />
      ))}
      <DialogButtons
        cancel={t('outbox.merge.cancel')}
        confirm={t('outbox.merge.send')}
        isReady={isGood}
        onCancel={onClose}
        onConfirm={submit}
        testId={TEST_IDS.outboxMergeConfirm}
      />
    </Dialog>
  );
}

/** Nothing is chosen for the person but what cannot be otherwise: where both differ, the own words are proposed. */
function startOf({ mine }: ComparedField): Choice {
  return { side: 'mine', text: typeof mine === 'string' ? mine : '' };
}

interface MergeFieldProps {
  readonly field: ComparedField;
  readonly form: Comparison['form'];
  readonly choice: Choice;
  readonly problem: string | null;
  readonly onChange: (choice: Choice) => void;
}

function MergeField({ field, form, choice, problem, onChange }: MergeFieldProps) {
  const { t } = useTranslation();
  const text = useComparedText();
  const name = useFieldName(form)(field.field);
  const none = t('outbox.compare.empty');
  const sides: readonly Side[] = [
    ...(field.theirs === undefined ? [] : (['theirs'] as const)),
    'mine',
    ...(field.isText ? (['own'] as const) : []),
  ];
  return (
    <section className={classes.merge} aria-label={name} data-clash={field.isClash}>
      <div className={classes.mergeHead}>
        <b>{name}</b>
        <ChoiceGroup
          label={name}
          choices={sides.map((value) => ({ value, label: t(`outbox.merge.${value}`) }))}
          value={choice.side}
          onChange={(side) => onChange({ ...choice, side })}
          testId={TEST_IDS.outboxMergeChoice(field.field)}
        />
      </div>
      <div className={`${classes.sides} selectable`}>
        {field.theirs !== undefined && (
          <p data-chosen={choice.side === 'theirs'}>
            <span className={classes.none}>
              {t('outbox.compare.theirs')}{' '}
              {field.by && (
                <>
                  {field.by.name} <TimeText at={field.by.at} />
                </>
              )}
            </span>
            {text(field.field, field.theirs) ?? none}
          </p>
        )}
        <p data-chosen={choice.side === 'mine'}>
          <span className={classes.none}>{t('outbox.compare.mine')}</span>
          {text(field.field, field.mine) ?? none}
        </p>
      </div>
      {choice.side === 'own' && (
        <CannedTextArea
          aria-label={t('outbox.merge.ownOf', { field: name })}
          value={choice.text}
          error={problem}
          autosize
          minRows={1}
          maxRows={6}
          autoFocus
          spellCheck={false}
          onText={(text) => onChange({ side: 'own', text })}
          prefer="content"
          data-testid={TEST_IDS.outboxMergeText(field.field)}
        />
      )}
    </section>
  );
}
