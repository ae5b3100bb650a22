import { Button } from '@mantine/core';
import { IconCircleCheck, IconFlag, IconGavel, IconSignature } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import attachments from '#renderer/terms/attachments/Attachments.module.css';
import { FileLine } from '#renderer/terms/attachments/FileLine.tsx';
import { ClockTag } from '#renderer/terms/ClockTag.tsx';
import { formatDue } from '#renderer/terms/format-due.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { formatDay } from '#renderer/ui/format-time.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { OverlayKind } from '#shared/domain/overlay/overlay-step.ts';
import { clockOfOrder, type Order } from '#shared/domain/overlay/oversight.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import classes from '../TicketDetail.module.css';
import own from './Oversight.module.css';
import { useSourceText } from './source-text.ts';
import { useTicketFiles } from './use-ticket-files.ts';

interface OrderListProps {
  readonly uid: TicketId;
  readonly orders: readonly Order[];
  readonly may: readonly OverlayKind[];
  readonly unconfirmed: readonly string[];
  readonly onStep: (step: 'progress' | 'finish', order: Order) => void;
}

/** 督办 and 批示 of a ticket: who wants what of which unit until when, what was done about it, and its end. */
export function OrderList({ uid, orders, may, unconfirmed, onStep }: OrderListProps) {
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
            {order.scan !== undefined && <Scan uid={uid} sha256={order.scan} />}
            {[...log, ...(done ? [{ ...done, milestoneAt: null }] : [])].map((entry) => (
              <div key={entry.id} className={own.entry}>
                <TimeText at={entry.at} />
                {entry.milestoneAt !== null && (
                  <StatusTag tone="good" icon={<IconFlag size={13} aria-hidden />}>
                    {t('oversight.milestone', { day: formatDay(entry.milestoneAt) })}
                  </StatusTag>
                )}
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

/** The scan of a 批示: opened, fetched or saved from here, like any file of the ticket. */
function Scan({ uid, sha256 }: { readonly uid: TicketId; readonly sha256: string }) {
  const { t } = useTranslation();
  const { data } = useTicketFiles(uid);
  const found = data?.files.find(({ file }) => file.sha256 === sha256);
  if (!data) return null;
  if (!found) return <p className={classes.text}>{t('oversight.scanGone')}</p>;
  return (
    <ul className={attachments.files} aria-label={t('oversight.scan')}>
      <FileLine file={found.file} state={found} ticketUid={uid} origin={<span>{t('oversight.scan')}</span>} />
    </ul>
  );
}
