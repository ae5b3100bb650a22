import { IconCalendarQuestion } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CalendarStanding } from '#shared/domain/clock/calendar-year.ts';

/** Beside a time that was counted in a year whose days off are not (all) known: a sign with the words; nothing for a certain one. */
export function CalendarMark({ standing }: { readonly standing: CalendarStanding }) {
  const { t } = useTranslation();
  if (standing === 'official') return null;
  const text = t(`clock.calendar.${standing}`);
  return (
    <span title={text}>
      <IconCalendarQuestion size={13} role="img" aria-label={text} />
    </span>
  );
}
