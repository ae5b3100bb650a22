import { IconAlertTriangle, IconCloudDown, IconCloudUpload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { TicketSummary } from '#shared/contract/tickets.contract.ts';
import { TEST_IDS } from '../platform/test-ids.ts';
import { StatusTag } from '../ui/StatusTag.tsx';
import { useStumbleText } from './stumble-text.ts';
import classes from './TicketStanding.module.css';
import { TicketStatusTag } from './TicketStatusTag.tsx';

type Standing = Pick<TicketSummary, 'status' | 'pending' | 'refused'>;

/** A mark beside the number of a ticket that is older than what this computer holds. */
export function OutsideMark({ ticket }: { readonly ticket: Pick<TicketSummary, 'outside'> }) {
  const { t } = useTranslation();
  if (!ticket.outside) return null;
  const text = t('coverage.mark');
  return (
    <IconCloudDown
      size={14}
      className={classes.outside}
      role="img"
      aria-label={text}
      title={text}
      data-testid={TEST_IDS.ticketOutside}
    />
  );
}

/** The state of a ticket in a list. One that the server did not take has none there: it says so instead. */
export function TicketStateTag({ ticket, testId }: { readonly ticket: Standing; readonly testId?: string }) {
  const { t } = useTranslation();
  const stumbleText = useStumbleText();
  const { status, refused } = ticket;
  if (refused?.kind !== 'ticket.create') return <TicketStatusTag status={status} {...(testId ? { testId } : {})} />;
  return (
    <StatusTag
      tone="bad"
      icon={<IconAlertTriangle size={13} aria-hidden />}
      title={stumbleText(refused, true).title}
      testId={testId}
    >
      {t('tickets.refused.ticket')}
    </StatusTag>
  );
}

/** A mark beside the number of a ticket that is not, or not wholly, at the server. */
export function StandingMark({ ticket }: { readonly ticket: Standing }) {
  const { t } = useTranslation();
  const stumbleText = useStumbleText();
  const { pending, refused } = ticket;
  if (!pending) return null;
  const [Icon, look, text] = refused
    ? [IconAlertTriangle, classes.refused, t('tickets.refused.mark', { reason: stumbleText(refused, true).title })]
    : [IconCloudUpload, classes.pending, t('tickets.detail.pending')];
  return <Icon size={14} className={look} role="img" aria-label={text} title={text} />;
}
