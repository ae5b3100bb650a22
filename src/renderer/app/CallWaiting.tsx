import { IconPhoneCall } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { startPhoneClient, usePhoneStore } from '../platform/phone-client.ts';
import { TEST_IDS } from '../platform/test-ids.ts';
import classes from './screens.module.css';

/** Tells somebody in front of a locked console that the phone wants them, and nothing of who it is. */
export function CallWaiting() {
  const { t } = useTranslation();
  const hasCall = usePhoneStore(({ phone }) => phone.call !== null);
  useEffect(startPhoneClient, []);
  if (!hasCall) return null;
  return (
    <p className={classes.callWaiting} role="alert" data-testid={TEST_IDS.signInCall}>
      <IconPhoneCall size={16} aria-hidden />
      {t('session.callWaiting')}
    </p>
  );
}
