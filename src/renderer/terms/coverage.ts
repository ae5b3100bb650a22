import { useTranslation } from 'react-i18next';
import type { SyncStatus } from '#shared/contract/sync.contract.ts';
import { dataClient } from '../platform/data-client.ts';
import { useLiveQuery } from '../platform/live-query.ts';

/** What this computer holds of the tickets; null until it is known. */
export function useCoverage() {
  return useLiveQuery(['sync', 'session'], () => dataClient.sync.coverage(), []).data ?? null;
}

/** Whether there may be tickets that are not on this computer: nobody is called new because of those. */
export function useMayHaveOlder(): boolean {
  const coverage = useCoverage();
  return coverage === null || coverage.arriving || coverage.outside.tickets + coverage.leftOut > 0;
}

/** How the last request to the server ended; null until it is known. */
export function useConnection(): SyncStatus['connection'] | null {
  return useLiveQuery(['sync', 'session'], () => dataClient.sync.status(), []).data?.connection ?? null;
}

/** A month in words: 2025年11月. */
export function useMonthText(): (month: string) => string {
  const { t } = useTranslation();
  return (month) => {
    const [year = '', number = ''] = month.split('-');
    return t('coverage.month', { year, month: number });
  };
}

/** Names in words: 一班和二班. */
export function useListText(): (names: readonly string[]) => string {
  const { i18n } = useTranslation();
  return (names) => new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(names);
}
