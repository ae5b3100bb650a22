import { IconHandStop, IconRepeat } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { DueText } from '#renderer/terms/DueText.tsx';
import { useCategoryNames, usePlaceText } from '#renderer/terms/reference-text.tsx';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { CallerCard } from '#shared/contract/citizen.contract.ts';
import classes from './CitizenPanel.module.css';

interface CardWarningsProps {
  readonly card: CallerCard;
  readonly onOpen: (uid: string) => void;
}

/** What has to be known before anything is promised or written anew: the last promise, and that somebody calls again. */
export function CardWarnings({ card, onOpen }: CardWarningsProps) {
  const { t } = useTranslation();
  const { promise, repeat, totals } = card;
  return (
    <>
      {promise && (
        <button
          type="button"
          className={classes.promise}
          onClick={() => onOpen(promise.ticketUid)}
          data-testid={TEST_IDS.citizenPromise}
        >
          <IconHandStop size={16} aria-hidden />
          <span className={classes.promiseText}>
            <span className={classes.quiet}>
              <TimeText at={promise.at} /> {t('citizen.promise.by', { name: promise.byName })}
            </span>
            <span>{promise.text}</span>
          </span>
          {promise.kept ? (
            <StatusTag tone="good">{t('terms.promiseState.kept')}</StatusTag>
          ) : (
            promise.dueAt !== null && <DueText at={promise.dueAt} />
          )}
        </button>
      )}
      {repeat ? (
        <div className={classes.repeat} role="note" data-testid={TEST_IDS.citizenRepeat}>
          <IconRepeat size={16} aria-hidden />
          <span>
            <strong>{t('citizen.repeat.title')}</strong>
            <RepeatText repeat={repeat} open={totals.open} />
          </span>
        </div>
      ) : (
        totals.open > 0 && (
          <div className={classes.repeat} role="note" data-testid={TEST_IDS.citizenRepeat}>
            <IconRepeat size={16} aria-hidden />
            <span>{t('citizen.repeat.openOnly', { open: totals.open })}</span>
          </div>
        )
      )}
    </>
  );
}

function RepeatText({ repeat, open }: { readonly repeat: NonNullable<CallerCard['repeat']>; readonly open: number }) {
  const { t } = useTranslation();
  const categoryNames = useCategoryNames();
  const placeText = usePlaceText();
  const { days, count, same } = repeat;
  const category = categoryNames(same?.categoryCode ?? null).at(-1) ?? '';
  const reason = !same
    ? ''
    : same.place
      ? t('citizen.repeat.samePlace', { count: same.count, place: placeText(same.place), category })
      : t('citizen.repeat.sameCategory', { count: same.count, category });
  return (
    <>
      {t('citizen.repeat.text', { days, count, reason })} {open > 0 && t('citizen.repeat.openOnly', { open })}
    </>
  );
}
