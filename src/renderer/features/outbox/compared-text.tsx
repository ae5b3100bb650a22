import { useTranslation } from 'react-i18next';
import { useForms } from '#renderer/platform/form-library.ts';
import { useWords } from '#renderer/terms/form-text.ts';
import { useCategoryNames, useDivisionNames, useTagName } from '#renderer/terms/reference-text.tsx';
import { formatMinute } from '#renderer/ui/format-time.ts';
import type { ComparedValue, Comparison } from '#shared/contract/attention.contract.ts';
import { OVERLAY_KINDS } from '#shared/domain/overlay/overlay-step.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import { itemsOf } from '#shared/domain/quality/score-sheet.ts';
import { findSheet } from '#shared/domain/quality/shipped-sheets.ts';
import { GENDERS, placeSchema, TICKET_TYPES, URGENCIES } from '#shared/domain/ticket.ts';
import { ACT_ACTIONS } from '#shared/domain/ticket-act.ts';
import { AMENDABLE_FIELDS } from '#shared/domain/ticket-amendment.ts';
import { TICKET_STATUSES } from '#shared/domain/ticket-status.ts';

/** Names of compared fields that have a text of their own. */
export const COMPARED_FIELDS = [
  ...AMENDABLE_FIELDS,
  'tags',
  'answer',
  'note',
  'parent',
  'name',
  'gender',
  'kind',
  'ageBand',
  'hearing',
  'language',
  'remark',
  'confidential',
  'phones',
  'phonesAdded',
  'phonesRemoved',
  'flagsAdded',
  'mergedInto',
  'categoryCodes',
  'questions',
  'articleAnswer',
  'sections',
  'sources',
  'validFrom',
  'validTo',
  'keywords',
  'decision',
  'reviewReason',
  'feedbackKind',
  'feedbackText',
  'toSeat',
  'action',
  'overlay',
  'status',
  'unit',
  'words',
] as const;

/** Says what a compared field is called. */
export function useFieldName(form: Comparison['form']): (field: string) => string {
  const { t } = useTranslation();
  const words = useWords();
  const library = useForms();
  return (field) => {
    const id = field.startsWith('answers.') ? field.slice('answers.'.length) : null;
    if (id !== null) {
      const known = form ? library?.find(form.id, form.version)?.fields.get(id)?.field : undefined;
      return known ? words(known.label) : id;
    }
    const [what, sheetId = '', version, itemId] = field.split('.');
    if (what === 'marks') {
      const sheet = findSheet({ id: sheetId, version: Number(version) });
      const item = sheet && [...itemsOf(sheet), ...sheet.vetoes].find(({ id: known }) => known === itemId);
      return item ? words(item.title) : field;
    }
    const name = COMPARED_FIELDS.find((one) => one === field.split('.')[0]);
    return name ? t(`outbox.field.${name}`) : field;
  };
}

/** Reads a compared value in words; null for one that is empty. */
export function useComparedText(): (field: string, value: ComparedValue | undefined) => string | null {
  const { t } = useTranslation();
  const categoryNames = useCategoryNames();
  const divisionNames = useDivisionNames();
  const tagName = useTagName();
  const statusText = (value: string) => {
    const status = TICKET_STATUSES.find((one) => one === value);
    return status ? t(`terms.status.${status}`) : value;
  };
  const actionText = (value: string) => {
    const action = ACT_ACTIONS.find((one) => one === value);
    return action ? t(`terms.act.${action}`) : value;
  };
  const overlayText = (value: string) => {
    const kind = OVERLAY_KINDS.find((one) => one === value);
    return kind ? t(`oversight.step.${kind}`) : value;
  };
  return (field, value) => {
    if (value === undefined || value === null || value === '') return null;
    if (Array.isArray(value)) {
      const read = (one: string) => {
        if (field === 'tags') return tagName(one);
        if (field === 'categoryCodes') return categoryNames(one).join(' / ');
        return field.startsWith('phones') ? formatPhone(one) : one;
      };
      return value.length === 0 ? null : value.map(read).join(t('intake.comma'));
    }
    if (typeof value === 'boolean') return t(value ? 'forms.yes' : 'forms.no');
    if (typeof value === 'number') return field === 'occurredAt' ? formatMinute(value) : String(value);
    if (typeof value === 'object') {
      const place = placeSchema.parse(value);
      const parts = [divisionNames(place.divisionCode).join(' '), place.address, place.landmark];
      return parts.filter((part) => part !== '').join('　') || null;
    }
    const [type, urgency, gender] = [TICKET_TYPES, URGENCIES, GENDERS].map((codes) =>
      codes.find((one) => one === value),
    );
    if (field === 'type' && type) return t(`terms.type.${type as (typeof TICKET_TYPES)[number]}`);
    if (field === 'urgency' && urgency) return t(`terms.urgency.${urgency as (typeof URGENCIES)[number]}`);
    if (field === 'gender' && gender) return t(`terms.gender.${gender as (typeof GENDERS)[number]}`);
    if (field === 'status') return statusText(value);
    if (field === 'action') return actionText(value);
    if (field === 'overlay') return overlayText(value);
    if (field === 'categoryCode') return categoryNames(value).join(' / ');
    if (field === 'decision' && (value === 'approve' || value === 'refuse')) return t(`outbox.value.${value}`);
    if (field === 'feedbackKind' && (value === 'wrong' || value === 'outdated')) return t(`outbox.value.${value}`);
    return value;
  };
}
