import { Button } from '@mantine/core';
import { IconCircleCheck, IconCornerUpLeft, IconUser, IconUsersGroup } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { DueText } from '#renderer/terms/DueText.tsx';
import { formatDue } from '#renderer/terms/format-due.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import { type CoOrder, coOrderDueAt, coOrdersOf, isCoOrderOpen } from '#shared/domain/co-order.ts';
import { coAnswerOf, coAskedOf } from '#shared/domain/overlay/co-words.ts';
import { takesOverlay } from '#shared/domain/overlay/overlay-rights.ts';
import type { OverlayKind } from '#shared/domain/overlay/overlay-step.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { handlingOf } from '#shared/domain/ticket-handling.ts';
import type { EventId } from '#shared/kernel/ids.ts';
import classes from '../TicketDetail.module.css';
import { CoOrderDialog, CoWithdrawDialog } from './CoOrderDialogs.tsx';
import own from './Oversight.module.css';

/** Whose 协办单 is to be taken back, and the event that began it where it has one. */
interface Withdrawn {
  readonly unit: string;
  readonly began: EventId | undefined;
}

interface CoOrdersSectionProps {
  readonly ticket: Ticket;
  /** What this user may lay over it. */
  readonly may: readonly OverlayKind[];
  readonly unconfirmed: readonly string[];
}

/** 主办 and 协办: who owes what until when, what they answered, and adding or taking off one of them. */
export function CoOrdersSection({ ticket, may, unconfirmed }: CoOrdersSectionProps) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<{ readonly withdraw: Withdrawn | null } | null>(null);
  const orders = coOrdersOf(ticket);
  const reading = handlingOf(ticket).coUnits.filter((unit) => !orders.some((order) => order.unit === unit));
  const mayAdd = ticket.unit !== null && may.includes('co_order');
  if (ticket.unit === null || (orders.length + reading.length === 0 && !mayAdd)) return null;
  const mayWithdraw = may.includes('co_withdraw') && takesOverlay(ticket.status, 'co_withdraw');
  const withdrawOf = ({ unit, began }: Withdrawn, isOpen: boolean) =>
    mayWithdraw && isOpen ? (
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => setAsked({ withdraw: { unit, began } })}
        data-testid={TEST_IDS.coWithdraw(unit)}
      >
        {t('oversight.name.co_withdraw')}
      </Button>
    ) : null;
  return (
    <div className={classes.section} data-testid={TEST_IDS.coOrders}>
      <div className={own.head}>
        <h3>{t('oversight.co.title')}</h3>
        {mayAdd && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => setAsked({ withdraw: null })}
            data-testid={TEST_IDS.coAdd}
          >
            {t('oversight.name.co_order')}
          </Button>
        )}
      </div>
      <p className={own.lead}>
        <IconUser size={15} aria-hidden /> {t('oversight.co.lead', { unit: ticket.unit })}
      </p>
      {orders.length + reading.length > 0 && (
        <ul className={own.list}>
          {orders.map((order) => (
            <CoOrderLine key={order.unit} ticket={ticket} order={order} unconfirmed={unconfirmed}>
              {withdrawOf({ unit: order.unit, began: order.id }, isCoOrderOpen(order))}
            </CoOrderLine>
          ))}
          {reading.map((unit) => (
            <li key={unit} className={own.item}>
              <div className={own.head}>
                <span>{t('oversight.co.line', { unit })}</span>
                <StatusTag tone="neutral">{t('oversight.co.state.reading')}</StatusTag>
                {withdrawOf({ unit, began: undefined }, true)}
              </div>
            </li>
          ))}
        </ul>
      )}
      {asked && asked.withdraw === null && <CoOrderDialog ticket={ticket} onClose={() => setAsked(null)} />}
      {asked && asked.withdraw !== null && (
        <CoWithdrawDialog ticket={ticket} {...asked.withdraw} onClose={() => setAsked(null)} />
      )}
    </div>
  );
}

interface CoOrderLineProps {
  readonly ticket: Ticket;
  readonly order: CoOrder;
  readonly unconfirmed: readonly string[];
  readonly children: ReactNode;
}

/** One 协办单: its state, until when, what was asked and what came back. */
function CoOrderLine({ ticket, order, unconfirmed, children }: CoOrderLineProps) {
  const { t } = useTranslation();
  const { unit, state } = order;
  const isOpen = isCoOrderOpen(order);
  const dueAt = isOpen ? coOrderDueAt(order, ticket.clocks) : null;
  const words = coAskedOf(ticket.events, order);
  const answer = coAnswerOf(ticket.events, order);
  const isUnconfirmed = ticket.events.some(
    ({ id, act, overlay }) =>
      unconfirmed.includes(id) &&
      ((overlay && 'unit' in overlay && overlay.unit === unit) ||
        (act && 'coUnits' in act && act.coUnits.includes(unit))),
  );
  return (
    <li className={own.item} data-done={state === 'answered'} data-testid={TEST_IDS.coOrder(unit)} data-state={state}>
      <div className={own.head}>
        <b>{t('oversight.co.line', { unit })}</b>
        <StatusTag tone={TONE[state]} icon={ICON[state]}>
          {t(`oversight.co.state.${state}`)}
        </StatusTag>
        {dueAt !== null && <DueText at={dueAt} />}
        {dueAt !== null && <span className={classes.actor}>{t('clock.by', { time: formatDue(dueAt) })}</span>}
        {isUnconfirmed && (
          <StatusTag tone="warn" title={t('tickets.detail.unconfirmedHint')}>
            {t('tickets.detail.unconfirmed')}
          </StatusTag>
        )}
        {children}
      </div>
      {words !== '' && <p className={classes.text}>{t('oversight.co.asked', { text: words })}</p>}
      {answer && (
        <div className={own.entry}>
          <TimeText at={answer.at} />
          <p className={classes.text}>{answer.text}</p>
        </div>
      )}
    </li>
  );
}

const TONE = {
  to_sign: 'warn',
  handling: 'info',
  answered: 'good',
  returned: 'bad',
  withdrawn: 'neutral',
} as const satisfies Record<CoOrder['state'], string>;

const ICON: Readonly<Record<CoOrder['state'], ReactNode>> = {
  to_sign: <IconUsersGroup size={13} aria-hidden />,
  handling: <IconUsersGroup size={13} aria-hidden />,
  answered: <IconCircleCheck size={13} aria-hidden />,
  returned: <IconCornerUpLeft size={13} aria-hidden />,
  withdrawn: null,
};
