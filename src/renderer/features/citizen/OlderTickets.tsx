import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CallFailure, toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useConnection, useCoverage, useMonthText } from '#renderer/terms/coverage.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import type { OlderHistory } from '#shared/contract/coverage.contract.ts';
import type { CitizenId } from '#shared/kernel/ids.ts';
import classes from './CitizenPanel.module.css';

interface OlderTicketsProps {
  readonly uid: CitizenId | null;
  /** The number somebody calls from, empty for somebody looked up in a list. */
  readonly phone: string;
  /** Something is known of them here. */
  readonly isKnown: boolean;
}

type Outcome = { readonly state: OlderHistory['state'] } | { readonly failure: CallFailure };

const isOffline = (outcome: Outcome | null) =>
  outcome !== null && 'failure' in outcome && outcome.failure.code === 'OFFLINE';

/**
 * What this computer does not hold of somebody, older tickets or, while its rows are on their way, all of it: fetched as soon as they are looked at and
 * the server answers, and said when it is not to be had. What comes is in the card above, because it is stored first.
 */
export function OlderTickets({ uid, phone, isKnown }: OlderTicketsProps) {
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
  const who = phone || (uid ?? '');
  const fetchedAll = useRef('');
  const reach = isArriving ? 'all' : from;

  // biome-ignore lint/correctness/useExhaustiveDependencies: asking again is another try, and somebody is called by number or looked up by record
  useEffect(() => {
    // What came while nothing had arrived was all there is.
    if (!isArriving && fetchedAll.current === who) return;
    setOutcome(null);
    fetchedAll.current = '';
    if (!isCut || !mayAsk || who === '') return;
    let isCurrent = true;
    dataClient.citizens.older(phone === '' && uid !== null ? { uid } : { phone }).then(
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
  const month = { from: from === null ? '' : monthText(from) };
  const what = {
    what: t(`coverage.person.${from === null ? 'teams' : leftOut > 0 ? 'both' : 'older'}`, month),
  };
  const isAway = !mayAsk && connection !== null;
  const arrivingText = () => {
    if (isAway || isOffline(outcome)) return t('coverage.arriving.offline');
    if (outcome === null) return t('coverage.arriving.asking');
    if ('failure' in outcome) return t('coverage.arriving.failed', { reason: failureText(outcome.failure) });
    if (!isKnown) return t('coverage.arriving.unknown');
    return t(`coverage.arriving.${outcome.state === 'partial' ? 'partial' : 'complete'}`);
  };
  const text = () => {
    if (isArriving) return arrivingText();
    if (isAway || isOffline(outcome)) return t('coverage.person.offline', what);
    if (outcome === null) return t('coverage.person.asking', what);
    if ('failure' in outcome) return t('coverage.person.failed', { ...what, reason: failureText(outcome.failure) });
    return t(`coverage.person.${outcome.state === 'partial' ? 'partial' : 'complete'}`, what);
  };
  return (
    <p className={classes.older} role="status" data-testid={TEST_IDS.citizenOlder}>
      {text()}
      {isOnline && outcome !== null && 'failure' in outcome && (
        <Button variant="subtle" size="compact-xs" onClick={() => setTries((count) => count + 1)}>
          {t('coverage.person.again')}
        </Button>
      )}
    </p>
  );
}
