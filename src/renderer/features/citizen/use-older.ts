import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CallFailure, toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useConnection, useCoverage, useMonthText } from '#renderer/terms/coverage.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import type { CallerCard } from '#shared/contract/citizen.contract.ts';
import type { OlderHistory } from '#shared/contract/coverage.contract.ts';

/** What this computer does not hold of the person on a card, and what became of asking the server for it. */
export interface Older {
  /** Rows of callers are still on their way here: it may be anything about them, also who they are. */
  readonly isArriving: boolean;
  readonly isAsking: boolean;
  /** The server cannot be asked, or did not say. */
  readonly isMissed: boolean;
  readonly text: string;
  /** Asks again; null while that is of no use. */
  readonly retry: (() => void) | null;
}

type Outcome = { readonly state: OlderHistory['state'] } | { readonly failure: CallFailure };

const isOffline = (outcome: Outcome | null) =>
  outcome !== null && 'failure' in outcome && outcome.failure.code === 'OFFLINE';

/**
 * Fetches what this computer does not hold of somebody, older tickets or, while its rows are on their way, everything: as soon as they are looked at and
 * the server answers. What comes is on the card, because it is stored first.
 * @param ani the number somebody calls from, empty for somebody looked up in a list
 * @param card null while it is on its way
 * @returns null when all of it is here
 */
export function useOlder(ani: string, card: CallerCard | null): Older | null {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const monthText = useMonthText();
  const coverage = useCoverage();
  const connection = useConnection();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [tries, setTries] = useState(0);
  const isArriving = coverage?.arriving ?? false;
  const from = coverage && coverage.outside.tickets > 0 ? coverage.from : null;
  const leftOut = coverage?.leftOut ?? 0;
  const isCut = isArriving || from !== null || leftOut > 0;
  const isOnline = connection === 'online';
  // The first rows of a first sync take their time, and only they say that the server is there.
  const mayAsk = isArriving ? connection !== null && connection !== 'offline' : isOnline;
  // Of a number that rings those of the person it is shown for are asked about, too: a record that comes with the answer is no reason to ask again.
  const uid = ani === '' ? (card?.citizen?.uid ?? null) : null;
  const who = card === null ? '' : ani || (uid ?? '');
  const reach = isArriving ? 'all' : from;
  const fetchedAll = useRef('');

  // biome-ignore lint/correctness/useExhaustiveDependencies: asking again is another try
  useEffect(() => {
    // What came while nothing had arrived was all there is.
    if (!isArriving && who !== '' && fetchedAll.current === who) return;
    setOutcome(null);
    fetchedAll.current = '';
    if (!isCut || !mayAsk || who === '') return;
    let isCurrent = true;
    dataClient.citizens.older(uid === null ? { phone: ani } : { uid }).then(
      ({ state }) => {
        if (!isCurrent) return;
        if (isArriving && state === 'complete') fetchedAll.current = who;
        setOutcome({ state });
      },
      (error: unknown) => isCurrent && setOutcome({ failure: toCallFailure(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [who, reach, isCut, mayAsk, tries]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only the network that is there again is a reason, not the failure itself
  useEffect(() => {
    if (isOnline && isOffline(outcome)) setTries((count) => count + 1);
  }, [isOnline]);

  if (!isCut || who === '') return null;
  const isAway = (!mayAsk && connection !== null) || isOffline(outcome);
  const month = { from: from === null ? '' : monthText(from) };
  const what = {
    what: t(`coverage.person.${from === null ? 'teams' : leftOut > 0 ? 'both' : 'older'}`, month),
  };
  const isKnown = card !== null && (card.citizen !== null || card.totals.tickets + card.totals.calls > 0);
  const text = () => {
    if (isAway) return isArriving ? t('coverage.arriving.offline') : t('coverage.person.offline', what);
    if (outcome === null) return isArriving ? t('coverage.arriving.asking') : t('coverage.person.asking', what);
    if ('failure' in outcome) {
      const reason = failureText(outcome.failure);
      return isArriving ? t('coverage.arriving.failed', { reason }) : t('coverage.person.failed', { ...what, reason });
    }
    if (isArriving && !isKnown) return t('coverage.arriving.unknown');
    const how = outcome.state === 'partial' ? 'partial' : 'complete';
    return isArriving ? t(`coverage.arriving.${how}`) : t(`coverage.person.${how}`, what);
  };
  const mayRetry = isOnline && outcome !== null && 'failure' in outcome;
  return {
    isArriving,
    isAsking: !isAway && outcome === null,
    isMissed: isAway || (outcome !== null && 'failure' in outcome),
    text: text(),
    retry: mayRetry ? () => setTries((count) => count + 1) : null,
  };
}
