import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { TextLine } from '#renderer/terms/TextLine.tsx';
import { clock } from '#renderer/ui/now.ts';
import type { OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import { type OpenReview, type Order, openReviewOf } from '#shared/domain/overlay/oversight.ts';
import { reviewMembersSchema } from '#shared/domain/overlay/review-record.ts';
import { parseDue } from '#shared/domain/promise.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { handlingOf } from '#shared/domain/ticket-handling.ts';
import type { EventId } from '#shared/kernel/ids.ts';
import { MomentField, useMoment } from './MomentField.tsx';
import { NamedUnitField, useNamedUnit } from './NamedUnitField.tsx';
import { OrderDialog } from './OrderDialog.tsx';
import { OrderStepDialog } from './OrderStepDialog.tsx';
import { OverlayDialog } from './OverlayDialog.tsx';
import {
  MemberFields,
  ReviewFields,
  readMembers,
  readReview,
  useWrittenMembers,
  useWrittenReview,
} from './ReviewFields.tsx';

/** What is being written; one about a measure names its event. */
export type Asked =
  | {
      readonly kind: 'order' | 'unclear' | 'made_safe' | 'review_open' | 'review' | 'owned' | 'measure' | 'announced';
    }
  | { readonly kind: 'progress' | 'finish'; readonly order: Order }
  | { readonly kind: 'measure_done'; readonly ref: string };

interface StepDialogProps {
  readonly ticket: Ticket;
  readonly onClose: () => void;
}

/** The dialog of whatever is laid over a ticket. */
export function StepDialog(
  props: StepDialogProps & { readonly asked: Asked; readonly onFinished: (order: Order) => void },
) {
  const { ticket, asked, onClose, onFinished } = props;
  const { t } = useTranslation();
  const plain = { uid: ticket.uid, onClose };
  switch (asked.kind) {
    case 'order':
      return <OrderDialog ticket={ticket} onClose={onClose} />;
    case 'made_safe':
      return <SafeDialog ticket={ticket} onClose={onClose} />;
    case 'announced':
      return <AnnounceDialog ticket={ticket} onClose={onClose} />;
    case 'review_open':
      return <ReviewOpenDialog ticket={ticket} onClose={onClose} />;
    case 'review':
      return <ReviewDialog ticket={ticket} onClose={onClose} />;
    case 'owned':
    case 'measure':
      return <UnitDialog key={asked.kind} kind={asked.kind} ticket={ticket} onClose={onClose} />;
    case 'progress':
    case 'finish':
      return <OrderStepDialog {...plain} kind={asked.kind} order={asked.order} onFinished={onFinished} />;
    case 'unclear':
      return <OverlayDialog {...plain} kind="unclear" step={{ step: 'unclear' }} hint={t('oversight.unclearHint')} />;
    case 'measure_done': {
      const step: OverlayStep = { step: asked.kind, ref: asked.ref as EventId };
      return <OverlayDialog {...plain} kind={asked.kind} step={step} areWordsNeeded={false} />;
    }
  }
}

function SafeDialog({ ticket, onClose }: StepDialogProps) {
  const { t } = useTranslation();
  const moment = useMoment(() => clock.now());
  const { at } = moment;
  return (
    <OverlayDialog
      uid={ticket.uid}
      kind="made_safe"
      step={at === null ? null : { step: 'made_safe', at }}
      areWordsNeeded={false}
      onClose={onClose}
    >
      <MomentField
        label={t('oversight.safeAt')}
        placeholder={t('oversight.safeAtHint')}
        moment={moment}
        testId={TEST_IDS.overlayField('safe-at')}
      />
    </OverlayDialog>
  );
}

/** Most characters of the channel an announcement was made through. */
const WHERE_MAX = 60;

/** What was told the public, when and through which channel. */
function AnnounceDialog({ ticket, onClose }: StepDialogProps) {
  const { t } = useTranslation();
  const [where, setWhere] = useState('');
  const moment = useMoment(() => clock.now());
  const { at } = moment;
  const isGood = where.trim() !== '' && where.length <= WHERE_MAX;
  const step: OverlayStep | null = at === null || !isGood ? null : { step: 'announced', at, where: where.trim() };
  return (
    <OverlayDialog uid={ticket.uid} kind="announced" step={step} hint={t('oversight.announcedHint')} onClose={onClose}>
      <TextLine
        label={t('oversight.where')}
        placeholder={t('oversight.whereHint')}
        value={where}
        max={WHERE_MAX}
        isFirst
        onText={setWhere}
        testId={TEST_IDS.overlayField('where')}
      />
      <MomentField
        label={t('oversight.toldAt')}
        placeholder={t('oversight.safeAtHint')}
        moment={moment}
        testId={TEST_IDS.overlayField('told-at')}
      />
    </OverlayDialog>
  );
}

/** Who is asked to sit, and when; one that was opened already is moved. */
function ReviewOpenDialog({ ticket, onClose }: StepDialogProps) {
  const { t } = useTranslation();
  const opened = openReviewOn(ticket);
  const members = useWrittenMembers(opened?.members);
  const moment = useMoment(() => opened?.plannedAt ?? null);
  const all = reviewMembersSchema.safeParse(readMembers(members)).data;
  const { at: plannedAt } = moment;
  const step: OverlayStep | null =
    all && plannedAt !== null
      ? { step: 'review_open', members: all, plannedAt, ...(opened ? { ref: opened.id as EventId } : {}) }
      : null;
  return (
    <OverlayDialog uid={ticket.uid} kind="review_open" step={step} onClose={onClose}>
      <MemberFields written={members} />
      <MomentField
        label={t('oversight.plannedAt')}
        placeholder={t('oversight.plannedAtHint')}
        moment={moment}
        parse={parseDue}
        testId={TEST_IDS.overlayField('planned')}
      />
    </OverlayDialog>
  );
}

function openReviewOn(ticket: Ticket): OpenReview | null {
  return openReviewOf(ticket.events, handlingOf(ticket).review?.id);
}

function ReviewDialog({ ticket, onClose }: StepDialogProps) {
  const review = useWrittenReview(openReviewOn(ticket)?.members);
  const record = readReview(review);
  const step: OverlayStep | null = record === null || record === 'none' ? null : { step: 'review', review: record };
  return (
    <OverlayDialog uid={ticket.uid} kind="review" step={step} onClose={onClose}>
      <ReviewFields review={review} />
    </OverlayDialog>
  );
}

/** 确权 to its owner, or a measure that a unit takes until a day. */
function UnitDialog({ ticket, kind, onClose }: StepDialogProps & { readonly kind: 'owned' | 'measure' }) {
  const { t } = useTranslation();
  const unit = useNamedUnit();
  const moment = useMoment(() => null);
  const stepOf = (): OverlayStep | null => {
    if (!unit.isGood) return null;
    if (kind === 'owned') return { step: 'owned', owner: unit.name };
    return moment.at === null ? null : { step: 'measure', unit: unit.name, dueAt: moment.at };
  };
  return (
    <OverlayDialog uid={ticket.uid} kind={kind} step={stepOf()} onClose={onClose}>
      <NamedUnitField label={t(kind === 'owned' ? 'oversight.owner' : 'oversight.unit')} unit={unit} />
      {kind === 'measure' && (
        <MomentField
          label={t('oversight.measureDue')}
          placeholder={t('oversight.measureDueHint')}
          moment={moment}
          parse={parseDue}
          testId={TEST_IDS.overlayField('due')}
        />
      )}
    </OverlayDialog>
  );
}
