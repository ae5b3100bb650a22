import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CallFailure, toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useCoverage, useIsOnline, useMonthText } from '#renderer/terms/coverage.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import type { OlderHistory } from '#shared/contract/coverage.contract.ts';
import type { CitizenId } from '#shared/kernel/ids.ts';
import classes from './CitizenPanel.module.css';

interface OlderTicketsProps {
  readonly uid: CitizenId | null;
  /** The number of somebody without a record. */
  readonly phone: string;
}

type Outcome = { readonly state: OlderHistory['state'] } | { readonly failure: CallFailure };

/**
 * What is older than this computer holds: fetched as soon as somebody is looked at and the server answers, and said when it is not to be had.
 * What comes is in the lists above, because it is stored first.
 */
export function OlderTickets({ uid, phone }: OlderTicketsProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const monthText = useMonthText();
  const coverage = useCoverage();
  const isOnline = useIsOnline();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [tries, setTries] = useState(0);
  const from = coverage && coverage.outside.tickets > 0 ? coverage.from : null;
  const leftOut = coverage?.leftOut ?? 0;
  const isCut = from !== null || leftOut > 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: asking again is another try
  useEffect(() => {
    setOutcome(null);
    if (!isCut || isOnline !== true || (uid === null && phone === '')) return;
    let isCurrent = true;
    dataClient.citizens.older(uid === null ? { phone } : { uid }).then(
      ({ state }) => isCurrent && setOutcome({ state }),
      (error: unknown) => isCurrent && setOutcome({ failure: toCallFailure(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [uid, phone, from, isCut, isOnline, tries]);

  if (!isCut || (uid === null && phone === '')) return null;
  const month = { from: from === null ? '' : monthText(from) };
  const what = {
    what: t(`coverage.person.${from === null ? 'teams' : leftOut > 0 ? 'both' : 'older'}`, month),
  };
  const text = () => {
    if (isOnline === false) return t('coverage.person.offline', what);
    if (outcome === null) return t('coverage.person.asking', what);
    if ('failure' in outcome) {
      if (outcome.failure.code === 'OFFLINE') return t('coverage.person.offline', what);
      return t('coverage.person.failed', { ...what, reason: failureText(outcome.failure) });
    }
    return t(`coverage.person.${outcome.state === 'partial' ? 'partial' : 'complete'}`, what);
  };
  return (
    <p className={classes.older} role="status" data-testid={TEST_IDS.citizenOlder}>
      {text()}
      {isOnline === true && outcome !== null && 'failure' in outcome && (
        <Button variant="subtle" size="compact-xs" onClick={() => setTries((count) => count + 1)}>
          {t('coverage.person.again')}
        </Button>
      )}
    </p>
  );
}
