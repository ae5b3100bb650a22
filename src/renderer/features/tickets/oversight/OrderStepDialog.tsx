import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ClockTag } from '#renderer/terms/ClockTag.tsx';
import { parseDay } from '#renderer/ui/parse-time.ts';
import type { OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import { clockOfOrder, type Order } from '#shared/domain/overlay/oversight.ts';
import type { EventId, TicketId } from '#shared/kernel/ids.ts';
import classes from '../decide/Decide.module.css';
import { MomentField, useMoment } from './MomentField.tsx';
import { OverlayDialog } from './OverlayDialog.tsx';
import { useSourceText } from './source-text.ts';

interface OrderStepDialogProps {
  readonly uid: TicketId;
  readonly kind: 'progress' | 'finish';
  readonly order: Order;
  readonly onClose: () => void;
  readonly onFinished: (order: Order) => void;
}

/** A day that has begun. */
function parsePastDay(text: string, now: number): number | null {
  const day = parseDay(text, now);
  return day !== null && day <= now ? day : null;
}

/** An entry of an order's log, with a day a milestone, or its end. Says which of a ticket's orders it is about. */
export function OrderStepDialog({ uid, kind, order, onClose, onFinished }: OrderStepDialogProps) {
  const { t } = useTranslation();
  const moment = useMoment(() => null);
  const ref = order.id as EventId;
  const { at, unreadable } = moment;
  const stepOf = (): OverlayStep | null => {
    if (kind === 'finish') return { step: kind, ref };
    return unreadable === '' ? { step: kind, ref, ...(at === null ? {} : { milestoneAt: at }) } : null;
  };
  const onDone = () => {
    if (kind === 'finish') onFinished(order);
    onClose();
  };
  return (
    <OverlayDialog uid={uid} kind={kind} step={stepOf()} onClose={onClose} onDone={onDone}>
      <OrderHead order={order} />
      {kind === 'progress' && (
        <MomentField
          label={t('oversight.milestoneAt')}
          placeholder={t('oversight.milestoneHint')}
          moment={moment}
          parse={parsePastDay}
          testId={TEST_IDS.overlayField('milestone')}
        />
      )}
    </OverlayDialog>
  );
}

/** A ticket may have several orders, and the key takes the most urgent. */
function OrderHead({ order }: { readonly order: Order }) {
  const { t } = useTranslation();
  const sourceText = useSourceText();
  return (
    <div className={classes.step} data-testid={TEST_IDS.overlayOrder}>
      <div className={classes.stepBy}>
        <b>{sourceText(order.source)}</b>
        <span>{t('oversight.responsible', { unit: order.unit })}</span>
        <ClockTag summary={clockOfOrder(order)} />
      </div>
      <div className={classes.stepTitle} title={order.text}>
        {order.text}
      </div>
    </div>
  );
}
