import { Button } from '@mantine/core';
import { IconFileText, IconPhoneIncoming, IconPhoneOutgoing } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ClockTag } from '#renderer/terms/ClockTag.tsx';
import { DueText } from '#renderer/terms/DueText.tsx';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { useCategoryNames } from '#renderer/terms/reference-text.tsx';
import { TicketStatusTag } from '#renderer/terms/TicketStatusTag.tsx';
import { TimeText } from '#renderer/terms/time-text.tsx';
import type { TimelineEntry, TimelineKind } from '#shared/contract/citizen.contract.ts';
import type { CitizenId } from '#shared/kernel/ids.ts';
import classes from './CitizenPanel.module.css';
import { CallMeta } from './LastCalls.tsx';

const PAGE = 50;
const ICONS = { call: IconPhoneIncoming, ticket: IconFileText, callback: IconPhoneOutgoing } as const;

interface TimelineProps {
  readonly uid: CitizenId | null;
  readonly phone: string;
  readonly kinds: readonly TimelineKind[];
  readonly onOpen: (uid: string) => void;
}

/** Calls, tickets and callbacks of a person in one line of time, newest first. */
export function Timeline({ uid, phone, kinds, onOpen }: TimelineProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const [limit, setLimit] = useState(PAGE);
  const { data, failure } = useLiveQuery(
    ['tickets', 'calls', 'citizens', 'session'],
    () => dataClient.citizens.timeline({ uid, phone, kinds: [...kinds], limit }),
    [uid, phone, kinds, limit],
  );
  return (
    <>
      {kinds.includes('call') && <p className={classes.scope}>{t('citizen.calls.scope')}</p>}
      <ol className={classes.list} data-testid={TEST_IDS.citizenTimeline}>
        {failure && <li className={classes.empty}>{failureText(failure)}</li>}
        {data?.entries.map((entry) => (
          <li key={entry.id}>
            <Entry entry={entry} onOpen={onOpen} />
          </li>
        ))}
        {data?.entries.length === 0 && <li className={classes.empty}>{t('citizen.timeline.none')}</li>}
        {data?.more && (
          <li className={classes.empty}>
            <Button variant="default" size="xs" onClick={() => setLimit((shown) => Math.min(200, shown + PAGE))}>
              {t('citizen.timeline.more')}
            </Button>
          </li>
        )}
      </ol>
    </>
  );
}

function Entry({ entry, onOpen }: { readonly entry: TimelineEntry; readonly onOpen: (uid: string) => void }) {
  const { t } = useTranslation();
  const Icon = ICONS[entry.kind];
  const line = (title: ReactNode, meta: ReactNode, uid: string | null) => {
    const content = (
      <>
        <span className={classes.title}>
          <Icon size={14} aria-label={t(`citizen.timeline.${entry.kind}`)} className={classes.icon} />
          {title}
        </span>
        <TimeText at={entry.at} />
        <span className={classes.meta}>{meta}</span>
      </>
    );
    if (uid === null) return <div className={classes.entry}>{content}</div>;
    return (
      <button type="button" className={classes.item} onClick={() => onOpen(uid)}>
        {content}
      </button>
    );
  };
  switch (entry.kind) {
    case 'call':
      return line(
        t(`citizen.timeline.callOn.${entry.call.direction}`, { line: entry.call.line }),
        <CallMeta call={entry.call} />,
        null,
      );
    case 'ticket':
      return line(entry.title || t('tickets.detail.noTitle'), <TicketMeta entry={entry} />, entry.ticketUid);
    case 'callback':
      return line(
        t(`citizen.timeline.event.${entry.event}`, {
          name: entry.byName || t('terms.system'),
          text:
            entry.event === 'called'
              ? t(`citizen.timeline.${entry.text === 'answered' ? 'reached' : 'missed'}`)
              : entry.text,
        }),
        <>
          {entry.event === 'status' && entry.to && <TicketStatusTag status={entry.to} />}
          {entry.event === 'promise' && entry.dueAt !== null && <DueText at={entry.dueAt} />}
          <span>{entry.title}</span>
        </>,
        entry.ticketUid,
      );
  }
}

function TicketMeta({ entry }: { readonly entry: Extract<TimelineEntry, { kind: 'ticket' }> }) {
  const { t } = useTranslation();
  const categoryNames = useCategoryNames();
  return (
    <>
      <TicketStatusTag status={entry.status} />
      {entry.clock && <ClockTag summary={entry.clock} />}
      <span>{t(`terms.type.${entry.type}`)}</span>
      <span>{categoryNames(entry.categoryCode).at(-1) ?? ''}</span>
    </>
  );
}
