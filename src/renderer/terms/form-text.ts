import { useTranslation } from 'react-i18next';
import { formatMinute } from '#renderer/ui/format-time.ts';
import { readAttachment } from '#shared/domain/form/attachment-ref.ts';
import type { FormField, FormOption, Words } from '#shared/domain/form/form-definition.ts';
import type { FormProblem } from '#shared/domain/form/form-submit.ts';
import type { FormValue } from '#shared/domain/form/form-value.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import { useCategoryNames, useDivisionNames } from './reference-text.tsx';

/** Reads the words of a form in the language of the screen. */
export function useWords(): (words: Words) => string {
  const english = useTranslation().i18n.language === 'en';
  return (words) => (english ? words.en : words.zh);
}

const THOUSANDS = /\B(?=(\d{3})+(?!\d))/g;

/** A number as it is read: 240,000.5. */
function formatNumber(value: number): string {
  const [whole = '', decimals] = String(value).split('.');
  return whole.replace(THOUSANDS, ',') + (decimals === undefined ? '' : `.${decimals}`);
}

/** Bytes as they are read: 312 B, 48 KB, 2.3 MB. */
export function formatBytes(size: number): string {
  if (size < 1024) return `${size} B`;
  if (size < 1024 * 1024) return `${Math.round(size / 1024)} KB`;
  return `${(size / 1024 / 1024).toFixed(1)} MB`;
}

/** Reads the value of a field; what does not fit its field is shown as it is. */
export function useFormValueText(): (field: FormField, value: FormValue, options: readonly FormOption[]) => string {
  const { t } = useTranslation();
  const words = useWords();
  const divisionNames = useDivisionNames();
  const categoryNames = useCategoryNames();
  return (field, value, options) => {
    if (value === null) return '';
    const label = (one: string) => {
      const option = options.find((each) => each.value === one);
      return option ? words(option.label) : one;
    };
    if (typeof value === 'boolean') return t(value ? 'forms.yes' : 'forms.no');
    if (typeof value === 'number') {
      if (field.type === 'date-time') return formatMinute(value);
      const unit = 'unit' in field && field.unit ? ` ${words(field.unit)}` : '';
      const isMoney = field.type === 'money' || (field.type === 'computed' && field.result === 'money');
      return isMoney ? `¥ ${formatNumber(value)}` : `${formatNumber(value)}${unit}`;
    }
    if (typeof value !== 'string') {
      if (field.type !== 'attachment') return value.map(label).join(t('intake.comma'));
      return value
        .map((one) => readAttachment(one))
        .map((file) => (file ? `${file.name} (${formatBytes(file.size)}, ${file.sha256.slice(0, 8)})` : ''))
        .join(t('intake.comma'));
    }
    switch (field.type) {
      case 'division':
        return divisionNames(value).join(' ');
      case 'category':
        return categoryNames(value).join(' / ');
      case 'phone':
        return formatPhone(value);
      case 'date':
        return value.replace(/[上中下]旬$/, (third) => t(`forms.third.${third as '上旬' | '中旬' | '下旬'}`));
      default:
        return label(value);
    }
  };
}

/** Says what is wrong with a field; `label` names it. */
export function useFormProblemText(): (
  problem: Omit<FormProblem, 'field'>,
  label: string,
  isChoice: boolean,
) => string {
  const { t } = useTranslation();
  const words = useWords();
  return (problem, label, isChoice) => {
    if (problem.message) return words(problem.message);
    const code = problem.code === 'REQUIRED' && isChoice ? 'CHOOSE' : problem.code;
    return t(`forms.problem.${code}`, { field: label, limit: problem.limit ?? 0 });
  };
}

/** Fields that are answered by choosing. */
export function isChoiceField(field: FormField): boolean {
  return ['single-choice', 'multiple-choice', 'dependent-choice', 'yes-no', 'division', 'category'].includes(
    field.type,
  );
}
