import { TextInput } from '@mantine/core';
import { type KeyboardEvent, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { isImeEvent } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { CannedTextArea } from '#renderer/terms/CannedTextArea.tsx';
import { CannedTextInput } from '#renderer/terms/CannedTextInput.tsx';
import { useWords } from '#renderer/terms/form-text.ts';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
import { useDescribedBy } from '#renderer/ui/described-by.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import { CHECK_TEXT, pointsOf } from '#shared/domain/quality/check.ts';
import { fullMarks, type ScoreSheet, type SheetItem } from '#shared/domain/quality/score-sheet.ts';
import { faultOf, itemOf, type MarksForm, toMarks } from './marks-form.ts';
import classes from './Quality.module.css';

interface ScoreFieldsProps {
  readonly sheet: ScoreSheet;
  readonly form: MarksForm;
  /** Faults are shown from the first try to send on. */
  readonly isTried: boolean;
  readonly onChange: (form: MarksForm) => void;
}

/** Puts the cursor into the field before or after this one; the fields of points alone, or all of them. */
function move(from: HTMLElement, step: 1 | -1, which: 'points' | 'all'): void {
  const all = [...(from.closest('[data-score]')?.querySelectorAll<HTMLElement>('input, textarea') ?? [])];
  const wanted = all.filter((one) => which === 'all' || one === from || one.dataset.points === 'true');
  const next = wanted.filter((one) => !one.matches(':disabled'))[wanted.indexOf(from) + step];
  next?.focus();
  if (next instanceof HTMLInputElement) next.select();
}

/**
 * The score sheet to be filled: points taken off, each with its reason. ↑ ↓ go from item to item, Enter to the reason and on to the next item,
 * Space ticks what has no excuse.
 */
export function ScoreFields({ sheet, form, isTried, onChange }: ScoreFieldsProps) {
  const { t } = useTranslation();
  const textProblem = useTextProblem();
  const words = useWords();
  return (
    <div data-score>
      {sheet.sections.map((section) => (
        <fieldset key={section.id} className={classes.section}>
          <legend>{words(section.title)}</legend>
          {section.items.map((item) => (
            <ItemRow key={item.id} item={item} form={form} isTried={isTried} onChange={onChange} />
          ))}
        </fieldset>
      ))}
      {sheet.vetoes.length > 0 && (
        <fieldset className={classes.section}>
          <legend>{t('quality.vetoes')}</legend>
          {sheet.vetoes.map((veto) => (
            <VetoRow
              key={veto.id}
              id={veto.id}
              title={words(veto.title)}
              form={form}
              isTried={isTried}
              onChange={onChange}
            />
          ))}
        </fieldset>
      )}
      <CannedTextArea
        label={t('quality.remark')}
        autosize
        minRows={1}
        maxRows={4}
        value={form.remark}
        error={textProblem(form.remark, CHECK_TEXT)}
        onText={(remark) => onChange({ ...form, remark })}
        prefer="note"
        data-testid={TEST_IDS.qualityRemark}
      />
    </div>
  );
}

/** What the marks come to as they stand. */
export function Total({ sheet, form }: { readonly sheet: ScoreSheet; readonly form: MarksForm }) {
  const { t } = useTranslation();
  const { points, passed } = pointsOf(sheet, toMarks(sheet, form));
  return (
    <p className={classes.total} role="status" data-testid={TEST_IDS.qualityTotal}>
      {t('quality.total', { points, full: fullMarks(sheet) })}
      <StatusTag tone={passed ? 'good' : 'bad'}>{t(passed ? 'quality.passed' : 'quality.failed')}</StatusTag>
    </p>
  );
}

interface RowProps extends Omit<ScoreFieldsProps, 'sheet'> {}

function ItemRow({ item, form, isTried, onChange }: RowProps & { readonly item: SheetItem }) {
  const { t } = useTranslation();
  const textProblem = useTextProblem();
  const title = useWords()(item.title);
  const { points, reason } = itemOf(form, item.id);
  const fault = faultOf(form, item);
  const isTooMuch = fault === 'points';
  const set = (next: Partial<{ points: string; reason: string }>) =>
    onChange({ ...form, items: { ...form.items, [item.id]: { points, reason, ...next } } });
  const isTakenOff = points.trim() !== '' && points.trim() !== '0';
  const pointsId = useId();
  // There is no room for it below two digits: it stands below the reason.
  const faultId = `${pointsId}-fault`;
  useDescribedBy(pointsId, isTooMuch ? faultId : '');
  const onPointsKey = (event: KeyboardEvent<HTMLInputElement>) => {
    if (isImeEvent(event.nativeEvent) || event.ctrlKey || event.altKey) return;
    const from = event.currentTarget;
    if (event.key === 'ArrowDown') move(from, 1, 'points');
    else if (event.key === 'ArrowUp') move(from, -1, 'points');
    else if (event.key === 'Enter') move(from, 1, isTakenOff ? 'all' : 'points');
    else return;
    event.preventDefault();
  };
  const onReasonKey = (event: KeyboardEvent<HTMLInputElement>) => {
    if (isImeEvent(event.nativeEvent) || event.ctrlKey || event.altKey || event.key !== 'Enter') return;
    event.preventDefault();
    move(event.currentTarget, 1, 'all');
  };
  return (
    <div className={classes.item}>
      <span className={classes.itemTitle}>{title}</span>
      <span className={classes.minus}>
        <TextInput
          id={pointsId}
          size="xs"
          inputMode="numeric"
          autoComplete="off"
          className={classes.points ?? ''}
          leftSection="−"
          leftSectionWidth={18}
          aria-label={t('quality.pointsOf', { item: title, most: item.points })}
          error={isTooMuch}
          value={points}
          data-points="true"
          onChange={(event) => set({ points: event.currentTarget.value })}
          onKeyDown={onPointsKey}
          data-testid={TEST_IDS.qualityPoints(item.id)}
        />
        <span className={classes.most}>/ {item.points}</span>
      </span>
      {isTakenOff && (
        <CannedTextInput
          size="xs"
          className={classes.reason ?? ''}
          aria-label={t('quality.reasonOf', { item: title })}
          placeholder={t('quality.reason')}
          errorProps={{ id: faultId }}
          error={
            isTooMuch
              ? t('quality.tooMuch', { most: item.points })
              : (textProblem(reason, CHECK_TEXT) ?? (isTried && fault ? t('quality.reasonMissing') : null))
          }
          value={reason}
          onText={(typed) => set({ reason: typed })}
          prefer="note"
          onKeyDown={onReasonKey}
          data-testid={TEST_IDS.qualityReason(item.id)}
        />
      )}
    </div>
  );
}

function VetoRow({ id, title, form, isTried, onChange }: RowProps & { readonly id: string; readonly title: string }) {
  const { t } = useTranslation();
  const textProblem = useTextProblem();
  const reason = form.vetoes[id];
  const toggle = () => {
    const { [id]: before, ...rest } = form.vetoes;
    onChange({ ...form, vetoes: before === undefined ? { ...rest, [id]: '' } : rest });
  };
  return (
    <div className={classes.item}>
      <label className={classes.veto}>
        <input
          type="checkbox"
          checked={reason !== undefined}
          onChange={toggle}
          data-testid={TEST_IDS.qualityVeto(id)}
        />
        {title}
      </label>
      {reason !== undefined && (
        <CannedTextInput
          size="xs"
          className={classes.reason ?? ''}
          aria-label={t('quality.reasonOf', { item: title })}
          placeholder={t('quality.reason')}
          error={
            textProblem(reason, CHECK_TEXT) ?? (isTried && reason.trim() === '' ? t('quality.reasonMissing') : null)
          }
          value={reason}
          onText={(typed) => onChange({ ...form, vetoes: { ...form.vetoes, [id]: typed } })}
          prefer="note"
          data-testid={TEST_IDS.qualityReason(id)}
        />
      )}
    </div>
  );
}
