import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { formatDue } from '#renderer/terms/format-due.ts';
import { formatMinute } from '#renderer/ui/format-time.ts';
import type { OverlayKind } from '#shared/domain/overlay/overlay-step.ts';
import { WAITABLE } from '#shared/domain/overlay/waiting.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { handlingOf } from '#shared/domain/ticket-handling.ts';
import type { EventId } from '#shared/kernel/ids.ts';
import classes from '../TicketDetail.module.css';
import own from './Oversight.module.css';
import { WaitDialog, WaitEndDialog } from './WaitDialogs.tsx';

interface WaitingSectionProps {
  readonly ticket: Ticket;
  readonly may: readonly OverlayKind[];
}

/** 等待市民补充: since when and until when nothing is counted, with what begins and ends it. */
export function WaitingSection({ ticket, may }: WaitingSectionProps) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<{
    readonly kind: 'wait' | 'wait_end';
    readonly began: EventId | undefined;
  } | null>(null);
  const { waiting } = handlingOf(ticket);
  const kind = waiting ? 'wait_end' : 'wait';
  const isOffered = may.includes(kind) && (waiting !== undefined || WAITABLE.includes(ticket.status));
  if (!waiting && !isOffered) return null;
  const close = () => setAsked(null);
  return (
    <div className={classes.section} data-testid={TEST_IDS.ticketWaiting}>
      <div className={own.head}>
        <h3>{t('oversight.waiting.title')}</h3>
        {isOffered && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => setAsked({ kind, began: waiting?.id })}
            data-testid={TEST_IDS.overlayOpen(kind)}
          >
            {t(`oversight.name.${kind}`)}
          </Button>
        )}
      </div>
      {waiting && (
        <p className={classes.text}>
          {t('oversight.waiting.until', { time: formatDue(waiting.until) })}
          <br />
          {t('oversight.waiting.since', { time: formatMinute(waiting.since), name: waiting.byName })}
        </p>
      )}
      {asked?.kind === 'wait' && <WaitDialog uid={ticket.uid} onClose={close} />}
      {asked?.kind === 'wait_end' && <WaitEndDialog uid={ticket.uid} began={asked.began} onClose={close} />}
    </div>
  );
}
