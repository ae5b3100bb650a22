import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { type ActionId, actionKey } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import { WITH_A_UNIT } from '#shared/domain/overlay/overlay-rights.ts';
import type { OverlayKind } from '#shared/domain/overlay/overlay-step.ts';
import {
  announcementsOf,
  measuresOf,
  mostUrgent,
  openReviewOf,
  ordersOf,
  reviewsOf,
} from '#shared/domain/overlay/oversight.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { handlingOf } from '#shared/domain/ticket-handling.ts';
import classes from '../TicketDetail.module.css';
import { AnnouncementList } from './AnnouncementList.tsx';
import { OrderList } from './OrderList.tsx';
import own from './Oversight.module.css';
import { MeasureList, OpenedReview, OwnershipFacts, ReviewList } from './OwnershipView.tsx';
import { type Asked, StepDialog } from './StepDialog.tsx';

interface OversightSectionProps {
  readonly ticket: Ticket;
  /** What this user may lay over it. */
  readonly may: readonly OverlayKind[];
  readonly unconfirmed: readonly string[];
}

type Opened = Extract<
  Asked,
  { kind: 'order' | 'unclear' | 'made_safe' | 'review_open' | 'review' | 'owned' | 'measure' | 'announced' }
>['kind'];

/** 督办, 批示 and the way of a ticket whose owner is not clear, with everything that can be laid over it. */
export function OversightSection({ ticket, may, unconfirmed }: OversightSectionProps) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Asked | null>(null);
  /** The order that was ended here a moment ago: until the ticket was read again with its end, keys are about the next one. */
  const [finished, setFinished] = useState<string | null>(null);
  const orders = ordersOf(ticket.events);
  const reviews = reviewsOf(ticket.events);
  const measures = measuresOf(ticket.events);
  const announcements = announcementsOf(ticket.events);
  const { ownership = null, review } = handlingOf(ticket);
  const opened = openReviewOf(ticket.events, review?.id);
  const first = mostUrgent(orders.filter(({ id, done }) => done === null && id !== finished));
  // Should the server refuse the end, the order is open again like any other.
  const isReadAgain = orders.some(({ id, done }) => id === finished && done !== null);
  useEffect(() => {
    if (isReadAgain) setFinished(null);
  }, [isReadAgain]);
  const open = (kind: Opened) => setAsked({ kind });
  const ask = (kind: 'progress' | 'finish') => first && setAsked({ kind, order: first });
  useAction('oversight.order', () => open('order'), may.includes('order'));
  useAction('oversight.progress', () => ask('progress'), first !== undefined && may.includes('progress'));
  useAction('oversight.finish', () => ask('finish'), first !== undefined && may.includes('finish'));

  const begins: Readonly<Record<Exclude<Opened, 'order' | 'announced'>, boolean>> = {
    unclear: !ownership && ticket.unit !== null && WITH_A_UNIT.includes(ticket.status),
    made_safe: ownership?.safeAt === null,
    review_open: ownership ? ownership.owner === null : ticket.status === 'joint_review',
    review: ownership !== null || ticket.status === 'joint_review',
    owned: ownership !== null && ownership.owner === null,
    measure: ownership !== null || measures.length > 0,
  };
  const offered = (Object.keys(begins) as (keyof typeof begins)[]).filter((kind) => begins[kind] && may.includes(kind));
  // The public is told of what somebody higher up asked for, and of what had to wait.
  const isToldOf = orders.length > 0 || isOnAccount(ticket) || announcements.length > 0;
  const hasOwnership = ownership !== null || opened !== null || reviews.length > 0 || measures.length > 0;
  return (
    <>
      {(orders.length > 0 || may.includes('order')) && (
        <div className={classes.section}>
          <Head title={t('oversight.orders')}>
            {may.includes('order') && <OpenButton kind="order" action="oversight.order" onOpen={open} />}
          </Head>
          <OrderList
            uid={ticket.uid}
            orders={orders}
            may={may}
            unconfirmed={unconfirmed}
            onStep={(kind, order) => setAsked({ kind, order })}
          />
        </div>
      )}
      {(hasOwnership || offered.length > 0) && (
        <div className={classes.section}>
          <Head title={t('oversight.ownership')}>
            {offered.map((kind) => (
              <OpenButton key={kind} kind={kind} isAgain={kind === 'review_open' && opened !== null} onOpen={open} />
            ))}
          </Head>
          {ownership && <OwnershipFacts ownership={ownership} />}
          {opened && <OpenedReview review={opened} />}
          <ReviewList reviews={reviews} />
          <MeasureList
            measures={measures}
            may={may}
            onDone={({ id: ref }) => setAsked({ kind: 'measure_done', ref })}
          />
        </div>
      )}
      {isToldOf && (announcements.length > 0 || may.includes('announced')) && (
        <div className={classes.section}>
          <Head title={t('oversight.announcements')}>
            {may.includes('announced') && <OpenButton kind="announced" onOpen={open} />}
          </Head>
          <AnnouncementList announcements={announcements} />
        </div>
      )}
      {asked && (
        <StepDialog
          ticket={ticket}
          asked={asked}
          onClose={() => setAsked(null)}
          onFinished={({ id }) => setFinished(id)}
        />
      )}
    </>
  );
}

/** Whether it was ever put on account: what could not be done here may be told once it can. */
function isOnAccount({ events }: Ticket): boolean {
  return events.some(({ act }) => act?.action === 'put_on_account');
}

function Head({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className={own.head}>
      <h3>{title}</h3>
      {children}
    </div>
  );
}

interface OpenButtonProps {
  readonly kind: Opened;
  readonly action?: ActionId;
  /** It was opened already and is moved. */
  readonly isAgain?: boolean;
  readonly onOpen: (kind: Opened) => void;
}

function OpenButton({ kind, action, isAgain = false, onOpen }: OpenButtonProps) {
  const { t } = useTranslation();
  const key = action && actionKey(action);
  return (
    <Button
      size="compact-sm"
      variant="default"
      rightSection={key && <KeyHint keys={key} />}
      {...(key ? { 'aria-keyshortcuts': key } : {})}
      onClick={() => onOpen(kind)}
      data-testid={TEST_IDS.overlayOpen(kind)}
    >
      {t(isAgain ? 'oversight.moveReview' : `oversight.name.${kind}`)}
    </Button>
  );
}
