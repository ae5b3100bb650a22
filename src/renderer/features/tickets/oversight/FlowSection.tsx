import { Button } from '@mantine/core';
import { IconAmbulance, IconCircleCheck, IconHourglassLow, IconShield } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { TimeText, useDurationText } from '#renderer/terms/time-text.tsx';
import { formatMinute } from '#renderer/ui/format-time.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import { type Flow, flowsOf } from '#shared/domain/overlay/flows-of.ts';
import type { OverlayKind } from '#shared/domain/overlay/overlay-step.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import classes from '../TicketDetail.module.css';
import { FlowDialog, type FlowStep } from './FlowDialogs.tsx';
import own from './Oversight.module.css';

interface FlowSectionProps {
  readonly ticket: Ticket;
  readonly may: readonly OverlayKind[];
}

/** 流转 to 公安 and 移交 to 110/119/120/122: to whom it went, what was told, 签收, and what came of it. */
export function FlowSection({ ticket, may }: FlowSectionProps) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<(Pick<Flow, 'receiver'> & { readonly kind: FlowStep }) | null>(null);
  const flows = flowsOf(ticket.events);
  if (flows.length === 0) return null;
  return (
    <div className={classes.section}>
      <h3>{t('oversight.flow.title')}</h3>
      <ul className={own.list} data-testid={TEST_IDS.ticketFlows}>
        {flows.map((flow) => (
          <FlowItem
            key={flow.receiver}
            flow={flow}
            may={may}
            onStep={(kind) => setAsked({ kind, receiver: flow.receiver })}
          />
        ))}
      </ul>
      {asked && (
        <FlowDialog uid={ticket.uid} kind={asked.kind} receiver={asked.receiver} onClose={() => setAsked(null)} />
      )}
    </div>
  );
}

interface FlowItemProps {
  readonly flow: Flow;
  readonly may: readonly OverlayKind[];
  readonly onStep: (kind: FlowStep) => void;
}

function FlowItem({ flow, may, onStep }: FlowItemProps) {
  const { t } = useTranslation();
  const durationText = useDurationText();
  const { receiver, kind, sentAt, byName, told, receipt, result } = flow;
  const Icon = receiver === 'police' ? IconShield : IconAmbulance;
  const offered: readonly FlowStep[] =
    kind === 'call'
      ? [
          'hand_over',
          ...(receipt ? [] : (['flow_receipt'] as const)),
          ...(result ? [] : (['flow_result'] as const)),
        ].filter((step): step is FlowStep => may.some((one) => one === step))
      : [];
  return (
    <li className={own.item} data-done={result !== null} data-testid={TEST_IDS.ticketFlow(receiver)}>
      <div className={own.head}>
        <Icon size={15} aria-hidden />
        <b>{t(`oversight.flow.receiver.${receiver}`)}</b>
        <StatusTag tone={kind === 'not_enabled' ? 'neutral' : 'info'}>{t(`oversight.flow.kind.${kind}`)}</StatusTag>
        {kind !== 'not_enabled' && <StandingTag flow={flow} />}
      </div>
      {kind === 'not_enabled' ? (
        <p className={classes.text}>{t('oversight.flow.notEnabled')}</p>
      ) : (
        <div className={own.meta}>
          <span>
            {t(kind === 'call' ? 'oversight.flow.handed' : 'oversight.flow.sent', {
              time: formatMinute(sentAt),
              name: byName || t('terms.system'),
            })}
          </span>
        </div>
      )}
      {told.map(({ id, at, byName: name, text, leg }) => (
        <div key={id} className={own.entry}>
          <TimeText at={leg?.answeredAt ?? at} />
          <p className={classes.text}>
            {leg && t('oversight.flow.leg', { duration: durationText(leg.endedAt - leg.answeredAt) })}
            {text !== '' && t('oversight.log', { name, text })}
          </p>
        </div>
      ))}
      {receipt && (
        <div className={own.entry}>
          <TimeText at={receipt.at} />
          <p className={classes.text}>
            {t('oversight.log', {
              name: receipt.byName,
              text: [t('oversight.flow.receipt', { number: receipt.number }), receipt.text].filter(Boolean).join(' '),
            })}
          </p>
        </div>
      )}
      {result && (
        <div className={own.entry}>
          <TimeText at={result.at} />
          <p className={classes.text}>
            {t('oversight.log', {
              name: result.byName,
              text: `${t(`oversight.flow.outcome.${result.outcome}`)} ${result.text}`,
            })}
          </p>
        </div>
      )}
      {offered.length > 0 && (
        <div className={own.buttons}>
          {offered.map((step) => (
            <Button
              key={step}
              size="compact-sm"
              variant="default"
              onClick={() => onStep(step)}
              data-testid={TEST_IDS.flowStep(step, receiver)}
            >
              {t(`oversight.name.${step}`)}
            </Button>
          ))}
        </div>
      )}
    </li>
  );
}

function StandingTag({ flow: { receipt, result } }: { readonly flow: Flow }) {
  const { t } = useTranslation();
  if (result) {
    return (
      <StatusTag tone="good" icon={<IconCircleCheck size={13} aria-hidden />}>
        {t('oversight.flow.finished')}
      </StatusTag>
    );
  }
  return (
    <StatusTag tone="warn" icon={<IconHourglassLow size={13} aria-hidden />}>
      {t(receipt ? 'oversight.flow.waitsResult' : 'oversight.flow.waitsReceipt')}
    </StatusTag>
  );
}
