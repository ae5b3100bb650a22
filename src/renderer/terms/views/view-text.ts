import { useTranslation } from 'react-i18next';
import type { TicketView } from '#shared/domain/ticket-view.ts';
import { periodDays } from '../conditions/period.ts';
import { useCategoryLevelNames, useDivisionNames } from '../reference-text.tsx';
import { TICKET_GROUP_NAMES } from '../ticket-groups.ts';

/** What a view shows, in words: 待派单 · 鼓楼区 · 最急在前. */
export function useViewText(): (view: Omit<TicketView, 'id' | 'name'>) => string {
  const { t } = useTranslation();
  const categoryNames = useCategoryLevelNames();
  const divisionNames = useDivisionNames();
  return ({ place, query, conditions, sort }) => {
    const { status, category, division, period, unit, agent, team } = conditions;
    const group = TICKET_GROUP_NAMES.find((name) => `group:${name}` === status);
    const statusText = () => {
      if (status === null) return '';
      return group ? t(`tickets.groups.${group}`) : t(`terms.status.${status}`, { defaultValue: status });
    };
    const periodText = () => {
      if (period === null) return '';
      return typeof period === 'string'
        ? t(`search.filter.preset.${period}`)
        : periodDays(period).join(` ${t('search.filter.until')} `);
    };
    return [
      place === 'search' ? t('views.search') : t(`tickets.queues.${place}`),
      query,
      statusText(),
      category === null ? '' : (categoryNames(category).at(-1) ?? category),
      division === null ? '' : (divisionNames(division).at(-1) ?? division),
      periodText(),
      unit ?? '',
      agent?.label ?? '',
      team ?? '',
      t(`tickets.narrow.sort.${sort}`),
    ]
      .filter((part) => part !== '')
      .join(' · ');
  };
}
