import { Button } from '@mantine/core';
import { IconCheck, IconClockPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { formatTimer } from '#renderer/ui/format-time.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import { useNow } from '#renderer/ui/now.ts';
import type { CallState } from '#shared/domain/call.ts';
import { usePhoneCommand, WRAP_UP_STEP_MS } from './agent-actions.ts';
import classes from './CallBar.module.css';
import { CallIdentity } from './CallCard.tsx';

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

  return (
    <section className={classes.call} data-phase="wrap-up" aria-label={t('call.state.wrap-up')}>
      <span className={classes.note}>{t('call.lastCall')}</span>
      {call ? <CallIdentity call={call} knownName={knownName} /> : <span className={classes.who} />}
      <span className={classes.note} role="timer" data-testid={TEST_IDS.wrapUpLeft}>
        {t('call.wrapUpLeft', { time: formatTimer(left) })}
      </span>
      <div className={classes.actions}>
        <Button
          variant="default"
          leftSection={<IconClockPlus size={15} aria-hidden />}
          rightSection={<KeyHint keys={actionKey('agent.extendWrapUp')} />}
          aria-keyshortcuts="Shift+F6"
          onClick={extend}
          data-testid={TEST_IDS.wrapUpExtend}
        >
          {t('call.extend')}
        </Button>
        <Button
          leftSection={<IconCheck size={15} aria-hidden />}
          rightSection={<KeyHint keys={actionKey('agent.toggleReady')} />}
          aria-keyshortcuts="F6"
          onClick={() => void send({ kind: 'finish-wrap-up' })}
          data-testid={TEST_IDS.wrapUpFinish}
        >
          {t('call.finish')}
        </Button>
      </div>
    </section>
  );
}
