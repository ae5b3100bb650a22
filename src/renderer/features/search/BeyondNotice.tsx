import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CallFailure, toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useCoverage, useMonthText } from '#renderer/terms/coverage.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import type { OlderHistory } from '#shared/contract/coverage.contract.ts';
import classes from './SearchPage.module.css';

/** A number whole enough to be looked up: of a ticket, with or without its day, or of a phone. */
const NUMBER = /^[\d\s+()-]{7,}$/;

type Asked = 'asking' | OlderHistory['state'] | { readonly failure: CallFailure };

/** Says which tickets a search cannot find because they are not on this computer, and looks for numbers at the server. */
export function BeyondNotice({ query }: { readonly query: string }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const monthText = useMonthText();
  const coverage = useCoverage();
  const [asked, setAsked] = useState<{ readonly query: string; readonly how: Asked } | null>(null);
  useEffect(() => setAsked((last) => (last?.query === query ? last : null)), [query]);
  if (!coverage) return null;
  const isOlder = coverage.from !== null && coverage.outside.tickets > 0;
  if (!coverage.arriving && !isOlder && coverage.leftOut === 0) return null;

  const ask = async () => {
    const finish = (how: Asked) => setAsked((last) => (last?.query === query ? { query, how } : last));
    setAsked({ query, how: 'asking' });
    try {
      finish((await dataClient.tickets.searchOlder({ query })).state);
    } catch (error) {
      finish({ failure: toCallFailure(error) });
    }
  };
  const how = asked?.query === query ? asked.how : null;
  const answer = () => {
    if (how === null) return NUMBER.test(query) ? '' : t('coverage.search.hint');
    if (typeof how !== 'string') return t('coverage.search.failed', { reason: failureText(how.failure) });
    return t(`coverage.search.${how === 'nothing-outside' ? 'complete' : how}`);
  };
  return (
    <div className={classes.state}>
      <span role="status" data-testid={TEST_IDS.searchBeyond}>
        {coverage.arriving && `${t('coverage.search.noticeArriving')} `}
        {/* What is held is no answer while it has yet to come. */}
        {isOlder &&
          !coverage.arriving &&
          t('coverage.search.notice', { from: monthText(coverage.from ?? ''), count: coverage.outside.tickets })}{' '}
        {coverage.leftOut > 0 && !coverage.arriving && t('coverage.search.noticeTeams', { count: coverage.leftOut })}{' '}
        {answer()}
      </span>
      {NUMBER.test(query) && (
        <Button
          size="compact-sm"
          disabled={how === 'asking' || how === 'complete'}
          onClick={() => void ask()}
          data-testid={TEST_IDS.searchBeyondAsk}
        >
          {t('coverage.search.ask')}
        </Button>
      )}
    </div>
  );
}
