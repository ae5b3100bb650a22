import { IconGavel } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { formatDue } from '#renderer/terms/format-due.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { TicketSummary } from '#shared/contract/tickets.contract.ts';
import { useSourceText } from './source-text.ts';

/** On a line of a list: that a 督办 or 批示 is open, from whom, and that a stage of a ticket without a known owner is. */
export function OrderMark({ ticket }: { readonly ticket: Pick<TicketSummary, 'orders' | 'stage'> }) {
  const { t } = useTranslation();
  const sourceText = useSourceText();
  const { orders, stage } = ticket;
  return (
    <>
      {orders && (
        <StatusTag
          tone="warn"
          icon={<IconGavel size={13} aria-hidden />}
          title={[
            sourceText(orders.source),
            orders.clock.dueAt === null
              ? ''
              : t('clock.until', { what: t('clock.what.order'), time: formatDue(orders.clock.dueAt) }),
          ].join('\n')}
          testId={TEST_IDS.orderMark}
        >
          {t(orders.count === 1 ? 'oversight.mark.one' : 'oversight.mark.many', {
            // A line has no room for who wrote it.
            source: orders.source.kind === 'instruction' ? t('oversight.mark.instruction') : sourceText(orders.source),
            count: orders.count,
          })}
        </StatusTag>
      )}
      {stage && (
        <StatusTag tone="warn" title={t(`oversight.stageHint.${stage}`)} testId={TEST_IDS.ticketStage(stage)}>
          {t(`oversight.stage.${stage}`)}
        </StatusTag>
      )}
    </>
  );
}
