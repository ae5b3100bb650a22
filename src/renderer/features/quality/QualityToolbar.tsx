import { useTranslation } from 'react-i18next';
import { type ListState, ListToolbar } from '#renderer/terms/views/ListToolbar.tsx';
import { type QualityList, qualitySortsOf } from '#shared/domain/quality/quality-list.ts';
import { CHECKED_STATUSES } from '#shared/domain/quality/sampling.ts';
import type { TicketView } from '#shared/domain/ticket-view.ts';
import { useQualityStore } from './quality.store.ts';

interface QualityToolbarProps {
  readonly list: QualityList;
  readonly onOpenView: (view: TicketView) => void;
}

/** Order, conditions and kept views of a list of 质检: the conditions are those of the tickets it is about. */
export function QualityToolbar({ list, onOpenView }: QualityToolbarProps) {
  const { t } = useTranslation();
  const { conditions, sorts, isNarrowing } = useQualityStore();
  const sort = sorts[list] ?? qualitySortsOf(list)[0];
  const set = ({ sort: next, ...part }: Partial<ListState>) =>
    useQualityStore.setState({ ...part, ...(next && { sorts: { ...sorts, [list]: next } }) });
  return (
    <ListToolbar
      current={{ place: list, query: '', conditions, sort, acrossSort: 'due' }}
      statuses={CHECKED_STATUSES}
      state={{ conditions, sort, isNarrowing }}
      onState={set}
      // A check whose ticket is not on this computer cannot be told to fit.
      {...(list === 'to_check' ? {} : { narrowedNote: t('quality.narrowedHere') })}
      onOpenView={onOpenView}
    />
  );
}
