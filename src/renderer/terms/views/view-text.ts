import { useTranslation } from 'react-i18next';
import { isQualityList } from '#shared/domain/quality/quality-list.ts';
import { isAcross, sortsOf, type TicketSort, type TicketView } from '#shared/domain/ticket-view.ts';
import { periodDays } from '../conditions/period.ts';
import { useCategoryLevelNames, useDivisionNames } from '../reference-text.tsx';
import { TICKET_GROUP_NAMES } from '../ticket-groups.ts';

/** Names the order of a list as its button says it: one across the states has an order of its own. */
export function useSortText(): (place: TicketView['place'], sort: TicketSort) => string {
  const { t } = useTranslation();
  return (place, sort) => {
    if (isAcross(place) && sort === 'due') return t(`tickets.narrow.own.${place}`);
    const sorts = sortsOf(place);
    return t(`tickets.narrow.sort.${sorts.includes(sort) ? sort : (sorts[0] ?? sort)}`);
  };
}

/** What a view shows, in words: 待派单 · 鼓楼区 · 最急在前. */
export function useViewText(): (view: Omit<TicketView, 'id' | 'name'>) => string {
  const { t } = useTranslation();
  const categoryNames = useCategoryLevelNames();
  const divisionNames = useDivisionNames();
  const sortText = useSortText();
  return ({ place, query, conditions, sort, acrossSort }) => {
    const { status, category, division, period, unit, agent, team, receiver, accountCause } = conditions;
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
    const placeText = () => {
      if (place === 'search') return t('views.search');
      return isQualityList(place) ? t(`quality.list.${place}`) : t(`tickets.queues.${place}`);
    };
    return [
      placeText(),
      query,
      statusText(),
      category === null ? '' : (categoryNames(category).at(-1) ?? category),
      division === null ? '' : (divisionNames(division).at(-1) ?? division),
      periodText(),
      unit ?? '',
      agent?.label ?? '',
      team ?? '',
      receiver === null ? '' : t(`oversight.flow.receiver.${receiver}`),
      accountCause === null ? '' : t(`tickets.decide.accountMark.${accountCause}`),
      sortText(place, isAcross(place) ? acrossSort : sort),
    ]
      .filter((part) => part !== '')
      .join(' · ');
  };
}
