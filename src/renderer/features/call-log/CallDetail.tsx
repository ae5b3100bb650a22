import { ActionIcon, Button } from '@mantine/core';
import { IconArrowBackUp, IconPencil, IconTicket, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { useRevealStore } from '#renderer/platform/reveal.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ClockTag } from '#renderer/terms/ClockTag.tsx';
import { DialButton } from '#renderer/terms/DialButton.tsx';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { MaskBar } from '#renderer/terms/MaskBar.tsx';
import { usePartyText } from '#renderer/terms/party-text.ts';
import { TicketStateTag } from '#renderer/terms/TicketStanding.tsx';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
import { TimeText, useDurationText } from '#renderer/terms/time-text.tsx';
import { formatTimer } from '#renderer/ui/format-time.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { CallLogItem } from '#shared/contract/calls.contract.ts';
import { CALL_STAGES } from '#shared/domain/call-state.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import type { DraftId } from '#shared/kernel/ids.ts';
import classes from './CallLog.module.css';
import { CallOutcomeTag } from './CallOutcomeTag.tsx';

interface CallDetailProps {
  readonly callId: string;
  readonly onClose: () => void;
  readonly onOpenTicket: (uid: string) => void;
  readonly onOpenDraft: (id: DraftId) => void;
  readonly onRestoreDraft: (id: DraftId) => void;
}

/** One call: who, how long in each state, who else took part, and what can be done about it. */
export function CallDetail({ callId, onClose, onOpenTicket, onOpenDraft, onRestoreDraft }: CallDetailProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const { data, failure } = useLiveQuery(['calls', 'drafts', 'tickets'], () => dataClient.calls.get({ callId }), [
    callId,
  ]);
  const look = useRevealStore((state) => state.looks.get(callId));
  const call = data && { ...data, ...look?.call };
  return (
    <article className={classes.detail} aria-label={t('call.log.detail')} data-testid={TEST_IDS.callDetail}>
      <div className={classes.head}>
        {call && <CallOutcomeTag call={call} />}
        <span className={classes.spring} />
        <ActionIcon variant="subtle" color="gray" aria-label={t('app.close')} onClick={onClose}>
          <IconX size={17} aria-hidden />
        </ActionIcon>
      </div>
      {!call && failure && <p className={classes.state}>{failureText(failure)}</p>}
      {call && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
        <section className={`${classes.scroll} selectable`} tabIndex={0} aria-label={t('call.log.facts')}>
          <h2 className={classes.title}>
            {call.knownName || call.name || t('call.unknownName')}
            <span>{call.ani === '' ? t('call.withheld') : formatPhone(call.ani)}</span>
          </h2>
          {call.masked && <MaskBar subject="call" uid={callId} fields={['phone', 'name']} />}
          <div className={classes.actions}>
            <DialButton
              number={call.ani}
              owner={{ subject: 'call', uid: callId }}
              name={call.knownName || call.name}
              line={call.line}
              about={{ ticketUid: null, callbackOf: call.outcome === 'missed' ? call.callId : null }}
              label={t('call.log.callBack')}
              testId={TEST_IDS.callBackNumber}
            />
            {call.draftId && (
              <Button
                variant="default"
                size="compact-sm"
                leftSection={<IconPencil size={14} aria-hidden />}
                onClick={() => call.draftId && onOpenDraft(call.draftId)}
                data-testid={TEST_IDS.callOpenDraft}
              >
                {t('call.log.openDraft')}
              </Button>
            )}
            {call.closedDraftId && (
              <Button
                variant="default"
                size="compact-sm"
                leftSection={<IconArrowBackUp size={14} aria-hidden />}
                onClick={() => call.closedDraftId && onRestoreDraft(call.closedDraftId)}
                data-testid={TEST_IDS.callRestoreDraft}
              >
                {t('call.log.restoreDraft')}
              </Button>
            )}
          </div>
          {call.tickets.length > 0 && <Tickets tickets={call.tickets} onOpen={onOpenTicket} />}
          <Facts call={call} />
          <Times call={call} />
          {call.legs.length > 0 && <Legs call={call} />}
        </section>
      )}
    </article>
  );
}

interface TicketsProps {
  readonly tickets: CallLogItem['tickets'];
  readonly onOpen: (uid: string) => void;
}

/** Every ticket that came of the call, each opens. */
function Tickets({ tickets, onOpen }: TicketsProps) {
  const { t } = useTranslation();
  return (
    <>
      <h3 className={classes.sub}>{t('call.log.tickets', { count: tickets.length })}</h3>
      <ul className={classes.tickets} data-testid={TEST_IDS.callTickets}>
        {tickets.map((ticket) => (
          <li key={ticket.uid}>
            <button type="button" onClick={() => onOpen(ticket.uid)} data-testid={TEST_IDS.callOpenTicket(ticket.uid)}>
              <IconTicket size={14} aria-hidden />
              <span className={classes.ticketTitle}>
                {ticket.title || ticket.excerpt || t('tickets.detail.noTitle')}
              </span>
              <TicketStateTag ticket={ticket} />
              {ticket.clock && <ClockTag summary={ticket.clock} isShort />}
              <span className={classes.ticketNumber}>{displayTicketNumber(ticket)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Facts({ call }: { readonly call: CallLogItem }) {
  const { t } = useTranslation();
  const rows: readonly (readonly [string, ReactNode])[] = [
    [t('call.log.column.time'), <TimeText key="time" at={call.ringAt} />],
    [t('call.log.column.line'), call.line],
    [t('call.log.way'), t(`call.log.direction.${call.direction}`)],
    ...(call.from ? [[t('call.log.source'), t('call.from', { ...call.from })] as const] : []),
    ...(call.endedBy ? [[t('call.log.endedBy'), t(`call.log.ended.${call.endedBy}`)] as const] : []),
    ...(call.refusal ? [[t('call.log.reason'), t(`call.log.refusal.${call.refusal}`)] as const] : []),
    ...(call.returnedAt === null
      ? []
      : [[t('call.log.returned'), <TimeText key="back" at={call.returnedAt} />] as const]),
  ];
  return (
    <dl className={classes.facts}>
      {rows.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Time per state, as bars beside their numbers. */
function Times({ call }: { readonly call: CallLogItem }) {
  const { t } = useTranslation();
  const stages = CALL_STAGES.filter((stage) => call.spent[stage] > 0);
  const total = stages.reduce((sum, stage) => sum + call.spent[stage], 0);
  if (total === 0) return null;
  return (
    <>
      <h3 className={classes.sub}>{t('call.log.times')}</h3>
      <dl className={classes.times}>
        {stages.map((stage) => (
          <div key={stage}>
            <dt>{t(`call.position.${stage}`)}</dt>
            <dd>
              <span className={classes.bar} aria-hidden>
                <span style={{ width: `${Math.max(1, (100 * call.spent[stage]) / total)}%` }} data-stage={stage} />
              </span>
              <span className={classes.number}>{formatTimer(call.spent[stage])}</span>
            </dd>
          </div>
        ))}
        <div>
          <dt>{t('call.log.total')}</dt>
          <dd>
            <span className={classes.bar} />
            <span className={classes.number}>{formatTimer(total)}</span>
          </dd>
        </div>
      </dl>
    </>
  );
}

/** 转接, 三方, 求助, 移交: who was called, and how it went. */
function Legs({ call }: { readonly call: CallLogItem }) {
  const { t } = useTranslation();
  const partyText = usePartyText();
  const durationText = useDurationText();
  return (
    <>
      <h3 className={classes.sub}>{t('call.log.legs')}</h3>
      <ul className={classes.legs}>
        {call.legs.map((leg) => (
          <li key={`${leg.purpose} ${leg.startedAt}`}>
            <TimeText at={leg.startedAt} />
            <StatusTag tone={leg.purpose === 'emergency' ? 'bad' : 'info'}>{t(`call.leg.${leg.purpose}`)}</StatusTag>
            <span className={classes.who}>{partyText(leg.party)}</span>
            <span className={classes.note}>
              {leg.answeredAt !== null &&
                `${t('call.log.joinedAfter', { time: durationText(leg.answeredAt - leg.startedAt) })} · `}
              {leg.result === null ? t('call.log.going') : t(`call.log.legResult.${leg.result}`)}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
