import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import classes from './CitizenPanel.module.css';
import type { Older } from './use-older.ts';

/** Says what this computer does not hold of the person on the card, and what became of asking the server for it. */
export function OlderTickets({ older }: { readonly older: Older }) {
  const { t } = useTranslation();
  return (
    <p
      className={older.isArriving ? classes.arriving : classes.older}
      role="status"
      data-tone={older.isMissed ? 'warn' : 'neutral'}
      data-testid={TEST_IDS.citizenOlder}
    >
      {older.text}
      {older.retry && (
        <Button variant="subtle" size="compact-xs" onClick={older.retry}>
          {t('coverage.person.again')}
        </Button>
      )}
    </p>
  );
}
