import { Button } from '@mantine/core';
import { IconCircleCheck, IconGavel, IconSignature } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ClockTag } from '#renderer/terms/ClockTag.tsx';
import { formatDue } from '#renderer/terms/format-due.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { OverlayKind } from '#shared/domain/overlay/overlay-step.ts';
import { clockOfOrder, type Order } from '#shared/domain/overlay/oversight.ts';
import classes from '../TicketDetail.module.css';
import own from './Oversight.module.css';
import { useSourceText } from './source-text.ts';

interface OrderListProps {
  readonly orders: readonly Order[];
  readonly may: readonly OverlayKind[];
  readonly unconfirmed: readonly string[];
  readonly onStep: (step: 'progress' | 'finish', order: Order) => void;
}

/** 督办 and 批示 of a ticket: who wants what of which unit until when, what was done about it, and its end. */
export function OrderList({ orders, may, unconfirmed, onStep }: OrderListProps) {
  const { t } = useTranslation();
  const sourceText = useSourceText();
  return (
    <ul className={own.list} data-testid={TEST_IDS.ticketOrders}>
      {orders.map((order) => {
        const { id, source, unit, text, log, done, at, byName, run } = order;
        const Icon = source.kind === 'instruction' ? IconSignature : IconGavel;
        return (
          <li key={id} className={own.item} data-done={done !== null} data-testid={TEST_IDS.ticketOrder(id)}>
            <div className={own.head}>
              <Icon size={15} aria-hidden />
              <b>{sourceText(source)}</b>
              {done ? (
                <StatusTag tone="good" icon={<IconCircleCheck size={13} aria-hidden />}>
                  {t('oversight.finished')}
                </StatusTag>
              ) : (
                <ClockTag summary={clockOfOrder(order)} />
              )}
              <span className={classes.actor}>{t('clock.by', { time: formatDue(run.dueAt) })}</span>
              {unconfirmed.includes(id) && (
                <StatusTag tone="warn" title={t('tickets.detail.unconfirmedHint')}>
                  {t('tickets.detail.unconfirmed')}
                </StatusTag>
              )}
            </div>
            <div className={own.meta}>
              <span>{t('oversight.responsible', { unit })}</span>
              <span className={classes.actor}>{byName}</span>
              <TimeText at={source.kind === 'instruction' ? source.writtenAt : at} />
            </div>
            <p className={classes.text}>{text}</p>
            {[...log, ...(done ? [done] : [])].map((entry) => (
              <div key={entry.id} className={own.entry}>
                <TimeText at={entry.at} />
                <p className={classes.text}>{t('oversight.log', { name: entry.byName, text: entry.text })}</p>
              </div>
            ))}
            {!done && (
              <div className={own.buttons}>
                {(['progress', 'finish'] as const)
                  .filter((step) => may.includes(step))
                  .map((step) => (
                    <Button
                      key={step}
                      size="compact-sm"
                      variant="default"
                      onClick={() => onStep(step, order)}
                      data-testid={TEST_IDS.orderStep(step, id)}
                    >
                      {t(`oversight.name.${step}`)}
                    </Button>
                  ))}
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}
