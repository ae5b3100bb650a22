import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { TextLine } from '#renderer/terms/TextLine.tsx';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import {
  FLOW_OUTCOMES,
  type FlowOutcome,
  type FlowReceiver,
  receiptNumberSchema,
} from '#shared/domain/overlay/flow.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { OverlayDialog } from './OverlayDialog.tsx';

/** What is written down about a 移交 by hand. */
export type FlowStep = 'hand_over' | 'flow_receipt' | 'flow_result';

interface FlowDialogProps {
  readonly uid: TicketId;
  readonly kind: FlowStep;
  readonly receiver: FlowReceiver;
  readonly onClose: () => void;
}

/** Most characters of the number a service keeps it under. */
const RECEIPT_MAX = 60;

/** What was told, 签收 with its number, or the result of a 移交, as the service said it by telephone. */
export function FlowDialog({ uid, kind, receiver, onClose }: FlowDialogProps) {
  const { t } = useTranslation();
  const [number, setNumber] = useState('');
  const [outcome, setOutcome] = useState<FlowOutcome | null>(null);
  const plain = { uid, kind, onClose };
  if (kind === 'hand_over') return <OverlayDialog {...plain} step={{ step: kind, receiver, leg: null }} />;
  if (kind === 'flow_receipt') {
    const isGood = receiptNumberSchema.safeParse(number).success;
    return (
      <OverlayDialog
        {...plain}
        step={isGood ? { step: kind, receiver, number: number.trim() } : null}
        areWordsNeeded={false}
      >
        <TextLine
          label={t('oversight.flow.number')}
          value={number}
          max={RECEIPT_MAX}
          isFirst
          onText={setNumber}
          testId={TEST_IDS.overlayField('number')}
        />
      </OverlayDialog>
    );
  }
  return (
    <OverlayDialog {...plain} step={outcome === null ? null : { step: kind, receiver, outcome }}>
      <FieldRow label={t('oversight.flow.outcomeLabel')}>
        {(control) => (
          <ChoiceGroup
            control={control}
            choices={FLOW_OUTCOMES.map((value) => ({ value, label: t(`oversight.flow.outcome.${value}`) }))}
            value={outcome}
            onChange={setOutcome}
            testId={TEST_IDS.overlayField('outcome')}
          />
        )}
      </FieldRow>
    </OverlayDialog>
  );
}
