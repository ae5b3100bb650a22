import { IconPhoneIncoming, IconPhoneOutgoing } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { TimeText, useDurationText } from '#renderer/terms/time-text.tsx';
import type { CardCall } from '#shared/contract/citizen.contract.ts';
import classes from './CitizenPanel.module.css';

/** The last calls of a person, one short line each: when, who answered or that nobody did, how long. */
export function LastCalls({ calls }: { readonly calls: readonly CardCall[] }) {
  const { t } = useTranslation();
  return (
    <section className={classes.calls}>
      <h3>
        {t('citizen.calls.title')} <span className={classes.known}>{t('citizen.calls.known')}</span>
      </h3>
      <ul aria-label={t('citizen.calls.title')} data-testid={TEST_IDS.citizenCalls}>
        {calls.map((call) => {
          const Icon = call.direction === 'out' ? IconPhoneOutgoing : IconPhoneIncoming;
          return (
            <li key={call.callId}>
              <Icon
                size={13}
                aria-label={t(`citizen.timeline.callOn.${call.direction}`, { line: call.line })}
                className={classes.icon}
              />
              <TimeText at={call.ringAt} />
              <CallMeta call={call} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Who answered a call and for how long, or that nobody did. */
export function CallMeta({ call }: { readonly call: CardCall }) {
  const { t } = useTranslation();
  const durationText = useDurationText();
  const { answeredAt, endedAt, takenBy } = call;
  if (answeredAt === null) return <span>{t('citizen.timeline.missed')}</span>;
  // A ticket made at another seat before the call ended does not tell how long it went on.
  const spoken =
    endedAt === null
      ? t(takenBy === null ? 'citizen.timeline.talking' : 'citizen.timeline.reached')
      : t('citizen.timeline.talked', { time: durationText(endedAt - answeredAt) });
  return (
    <span>
      {takenBy === null ? t('citizen.calls.here') : takenBy || t('citizen.calls.elsewhere')} · {spoken}
    </span>
  );
}
