import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ERROR_CODES } from '#shared/contract/error-codes.ts';
import { invokeShell } from '../platform/bridge.ts';
import { TEST_IDS } from '../platform/test-ids.ts';
import { useFailureText } from '../terms/failure-text.ts';
import classes from './screens.module.css';

interface FatalScreenProps {
  readonly code: string;
  readonly detail: string;
}

/** The data process cannot work at all: why, what is kept, and another try. */
export function FatalScreen({ code, detail }: FatalScreenProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const [trying, setTrying] = useState(false);
  const known = ERROR_CODES.find((one) => one === code) ?? 'INTERNAL';
  const retry = async () => {
    setTrying(true);
    try {
      await invokeShell('shell:data-restart', undefined);
    } finally {
      setTrying(false);
    }
  };
  return (
    <main className={classes.screen} data-testid={TEST_IDS.fatalScreen} data-code={code}>
      <div className={classes.card} role="alert">
        <h1>{t('fatal.title')}</h1>
        <p>{failureText({ code: known })}</p>
        <Button autoFocus loading={trying} onClick={() => void retry()} data-testid={TEST_IDS.fatalRetry}>
          {t('fatal.retry')}
        </Button>
        {detail !== '' && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
          <pre className={classes.detail} tabIndex={0}>
            {code}
            {'\n'}
            {detail}
          </pre>
        )}
      </div>
    </main>
  );
}
