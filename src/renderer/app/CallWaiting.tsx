import { IconPhoneCall } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { startPhoneClient, usePhoneStore } from '../platform/phone-client.ts';
import { TEST_IDS } from '../platform/test-ids.ts';
import classes from './screens.module.css';

/** Tells somebody in front of a locked console that the phone wants them or that a call goes on, and nothing of who it is. */
export function CallWaiting() {
  const { t } = useTranslation();
  const stage = usePhoneStore(({ phone }) => phone.call?.stage ?? null);
  useEffect(startPhoneClient, []);
  if (stage === null) return null;
  const words = stage === 'ringing' || stage === 'held' ? stage : 'going';
  return (
    <p className={classes.callWaiting} role="alert" data-testid={TEST_IDS.signInCall}>
      <IconPhoneCall size={16} aria-hidden />
      {t(`session.call.${words}`)}
    </p>
  );
}
