import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { formatMinute } from '#renderer/ui/format-time.ts';

/** What category suggestions rest on, how good they were and how often they are taken over, in one line; empty until it is known. */
export function useSuggestLine(): string {
  const { t } = useTranslation();
  const { data } = useLiveQuery(['suggestions', 'tickets'], () => dataClient.suggest.status(), []);
  if (!data) return '';
  const { basis, tickets, unseen, learntAt, choices } = data;
  const share = (part: number, whole: number) =>
    t('settings.suggest.share', { percent: Math.round((100 * part) / whole), part, whole });
  const parts = [
    basis === 'learning'
      ? t('settings.suggest.learning')
      : t(`settings.suggest.${basis}`, { tickets, time: learntAt === null ? '' : formatMinute(learntAt) }),
    unseen.tickets === 0
      ? ''
      : t('settings.suggest.unseen', {
          first: share(unseen.first, unseen.tickets),
          three: share(unseen.amongThree, unseen.tickets),
        }),
    choices.offered === 0 ? '' : t('settings.suggest.taken', { share: share(choices.taken, choices.offered) }),
  ];
  return parts.filter((part) => part !== '').join(t('settings.suggest.semicolon'));
}
