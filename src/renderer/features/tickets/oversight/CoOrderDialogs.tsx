import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { openCoOrders } from '#shared/domain/co-order.ts';
import { parseDue } from '#shared/domain/promise.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { EventId } from '#shared/kernel/ids.ts';
import { MomentField, useMoment } from './MomentField.tsx';
import { NamedUnitField, useNamedUnit } from './NamedUnitField.tsx';
import { OverlayDialog } from './OverlayDialog.tsx';

interface CoDialogProps {
  readonly ticket: Ticket;
  readonly onClose: () => void;
}

/** Adds a 协办, with a time of its own where it needs one. */
export function CoOrderDialog({ ticket, onClose }: CoDialogProps) {
  const { t } = useTranslation();
  const unit = useNamedUnit();
  const due = useMoment(() => null);
  const { name } = unit;
  const problem =
    name !== '' && name === ticket.unit
      ? t('oversight.co.isLead')
      : openCoOrders(ticket).some((order) => order.unit === name)
        ? t('oversight.co.isOpen')
        : null;
  const isGood = unit.isGood && problem === null && due.unreadable === '';
  return (
    <OverlayDialog
      uid={ticket.uid}
      kind="co_order"
      step={isGood ? { step: 'co_order', unit: name, dueAt: due.at } : null}
      areWordsNeeded={false}
      hint={t('oversight.co.orderHint')}
      onClose={onClose}
    >
      <NamedUnitField label={t('oversight.co.unit')} unit={unit} error={problem} />
      <MomentField
        label={t('oversight.co.due')}
        placeholder={t('oversight.co.dueHint')}
        moment={due}
        parse={parseDue}
        testId={TEST_IDS.overlayField('due')}
      />
    </OverlayDialog>
  );
}

/** Takes a 协办 off again; it reads why. `began`: the event of the 协办单 that is on the screen. */
export function CoWithdrawDialog({
  ticket,
  unit,
  began,
  onClose,
}: CoDialogProps & { readonly unit: string; readonly began: EventId | undefined }) {
  const { t } = useTranslation();
  return (
    <OverlayDialog
      uid={ticket.uid}
      kind="co_withdraw"
      step={{ step: 'co_withdraw', unit, ...(began ? { ref: began } : {}) }}
      hint={t('oversight.co.line', { unit })}
      onClose={onClose}
    />
  );
}
