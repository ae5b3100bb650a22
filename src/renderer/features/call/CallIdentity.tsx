import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { formatTimer } from '#renderer/ui/format-time.ts';
import { useNow } from '#renderer/ui/now.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { CallState } from '#shared/domain/call-state.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import classes from './CallBar.module.css';

export interface CallCardProps {
  readonly call: CallState;
  /** The name the console knows for the number, when the network delivers none. */
  readonly knownName: string;
}

/** Line, name and number of a call, and the colleague it came from. */
export function CallIdentity({ call, knownName }: CallCardProps) {
  const { t } = useTranslation();
  const name = knownName || call.name;
  return (
    <span className={classes.who} data-keep="who">
      <span className={classes.name} title={name} data-keep="name" data-testid={TEST_IDS.callName}>
        {name || t('call.unknownName')}
      </span>
      <span className={`${classes.number} selectable`} data-testid={TEST_IDS.callNumber}>
        {call.ani === '' ? t('call.withheld') : formatPhone(call.ani)}
      </span>
      {call.from && (
        <StatusTag tone="info" testId={TEST_IDS.callFrom}>
          {t('call.from', { ...call.from })}
        </StatusTag>
      )}
      <span className={classes.line}>{t('call.line', { line: call.line })}</span>
    </span>
  );
}

/** A running time of the call. */
export function CallTimer({ since, testId }: { readonly since: number; readonly testId?: string }) {
  return (
    <time className={classes.timer} role="timer" dateTime={new Date(since).toISOString()} data-testid={testId}>
      {formatTimer(useNow() - since)}
    </time>
  );
}
