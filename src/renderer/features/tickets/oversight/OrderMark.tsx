import { IconGavel, IconShieldQuestion, IconUsersGroup } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { formatDue } from '#renderer/terms/format-due.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { TicketSummary } from '#shared/contract/tickets.contract.ts';
import own from './Oversight.module.css';
import { useSourceText } from './source-text.ts';

interface OrderMarkProps {
  readonly ticket: Pick<TicketSummary, 'orders' | 'stage' | 'coOrders'>;
  /** Who wants it, in words: where the list is about that. Elsewhere the title needs the room. */
  readonly isInWords: boolean;
}

/** On a line of a list: that a 督办 or 批示 is open, from whom, that a stage of a ticket without a known owner is, and that units help. */
export function OrderMark({ ticket, isInWords }: OrderMarkProps) {
  const { t } = useTranslation();
  const sourceText = useSourceText();
  const { orders, stage, coOrders } = ticket;
  const coText = coOrders && t(coOrders.open > 0 ? 'oversight.co.markOpen' : 'oversight.co.mark', coOrders);
  const orderText = (full: boolean) =>
    orders === null
      ? ''
      : t(orders.count === 1 ? 'oversight.mark.one' : 'oversight.mark.many', {
          // A line has no room for who wrote it.
          source:
            !full && orders.source.kind === 'instruction' ? t('oversight.mark.instruction') : sourceText(orders.source),
          count: orders.count,
        });
  const due = orders?.clock.dueAt ?? null;
  const hint = due === null ? '' : t('clock.until', { what: t('clock.what.order'), time: formatDue(due) });
  const about = `${orderText(true)}\n${hint}`;
  return (
    <>
      {orders && isInWords && (
        <StatusTag tone="warn" icon={<IconGavel size={13} aria-hidden />} title={about} testId={TEST_IDS.orderMark}>
          {orderText(false)}
        </StatusTag>
      )}
      {orders && !isInWords && (
        <IconGavel
          size={15}
          className={own.mark}
          role="img"
          aria-label={orderText(true)}
          title={about}
          data-testid={TEST_IDS.orderMark}
        />
      )}
      {stage && (
        <IconShieldQuestion
          size={15}
          className={own.mark}
          role="img"
          aria-label={t(`oversight.stage.${stage}`)}
          title={t(`oversight.stageHint.${stage}`)}
          data-testid={TEST_IDS.ticketStage(stage)}
        />
      )}
      {coOrders && coText && (
        <IconUsersGroup
          size={15}
          className={coOrders.open > 0 ? own.mark : own.quiet}
          role="img"
          aria-label={coText}
          title={coText}
          data-testid={TEST_IDS.coMark}
        />
      )}
    </>
  );
}
