import { IconCheck, IconClockPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { usePhoneCommand } from '#renderer/terms/phone-command.ts';
import { formatTimer } from '#renderer/ui/format-time.ts';
import { useNow } from '#renderer/ui/now.ts';
import type { CallState } from '#shared/domain/call-state.ts';
import { BarButton } from './BarButton.tsx';
import classes from './CallBar.module.css';
import { CallIdentity } from './CallIdentity.tsx';
import { useBarFit } from './use-bar-fit.ts';

/** One step of 整理 longer, in ms. */
const WRAP_UP_STEP_MS = 60_000;

interface WrapUpCardProps {
  readonly until: number;
  readonly call: CallState | null;
  readonly knownName: string;
}

/** 整理 after a call: time left, one more minute, done. */
export function WrapUpCard({ until, call, knownName }: WrapUpCardProps) {
  const { t } = useTranslation();
  const send = usePhoneCommand();
  const left = Math.max(0, until - useNow());
  const extend = () => void send({ kind: 'extend-wrap-up', byMs: WRAP_UP_STEP_MS });
  useAction('agent.extendWrapUp', extend);
  const ref = useBarFit();

  return (
    <section ref={ref} className={classes.call} data-phase="wrap-up" aria-label={t('call.position.wrap-up')}>
      <span className={`${classes.note} ${classes.aside}`}>
        {call?.outcome && call.outcome !== 'answered' ? t(`call.log.outcome.${call.outcome}`) : t('call.lastCall')}
      </span>
      {call ? <CallIdentity call={call} knownName={knownName} /> : <span className={classes.who} />}
      <span className={classes.note} role="timer" data-testid={TEST_IDS.wrapUpLeft}>
        {t('call.wrapUpLeft', { time: formatTimer(left) })}
      </span>
      <div className={classes.actions}>
        <BarButton
          icon={IconClockPlus}
          label={t('call.extend')}
          action="agent.extendWrapUp"
          narrow="no-key"
          onClick={extend}
          testId={TEST_IDS.wrapUpExtend}
        />
        <BarButton
          tone="accent"
          icon={IconCheck}
          label={t('call.finish')}
          action="agent.toggleReady"
          onClick={() => void send({ kind: 'finish-wrap-up' })}
          testId={TEST_IDS.wrapUpFinish}
        />
      </div>
    </section>
  );
}
