import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { openCoOrders } from '#shared/domain/co-order.ts';
import { parseDue } from '#shared/domain/promise.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { unitNameSchema } from '#shared/domain/ticket-act.ts';
import type { EventId } from '#shared/kernel/ids.ts';
import { UnitPicker } from '../decide/UnitPicker.tsx';
import { MomentField, useMoment } from './MomentField.tsx';
import { OverlayDialog } from './OverlayDialog.tsx';

interface CoDialogProps {
  readonly ticket: Ticket;
  readonly onClose: () => void;
}

/** Adds a 协办, with a time of its own where it needs one. */
export function CoOrderDialog({ ticket, onClose }: CoDialogProps) {
  const { t } = useTranslation();
  const [unit, setUnit] = useState('');
  const [isOpen, setOpen] = useState(false);
  const due = useMoment(() => null);
  const name = unit.trim();
  const problem =
    name !== '' && name === ticket.unit
      ? t('oversight.co.isLead')
      : openCoOrders(ticket).some((order) => order.unit === name)
        ? t('oversight.co.isOpen')
        : null;
  const isGood = unitNameSchema.safeParse(name).success && !isOpen && problem === null && due.unreadable === '';
  return (
    <OverlayDialog
      uid={ticket.uid}
      kind="co_order"
      step={isGood ? { step: 'co_order', unit: name, dueAt: due.at } : null}
      areWordsNeeded={false}
      hint={t('oversight.co.orderHint')}
      onClose={onClose}
    >
      <FieldRow label={t('oversight.co.unit')} error={problem}>
        {(control) => (
          <UnitPicker
            control={control}
            value={unit}
            placeholder={t('tickets.decide.unitHint')}
            isFirst
            onChange={(chosen) => setUnit(chosen ?? '')}
            onOpen={setOpen}
            testId={TEST_IDS.overlayField('unit')}
          />
        )}
      </FieldRow>
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
