import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { parseDue } from '#shared/domain/promise.ts';
import type { EventId, TicketId } from '#shared/kernel/ids.ts';
import { MomentField, useMoment } from './MomentField.tsx';
import { OverlayDialog } from './OverlayDialog.tsx';

interface WaitDialogProps {
  readonly uid: TicketId;
  readonly onClose: () => void;
}

/** 等待市民补充 until a time. */
export function WaitDialog({ uid, onClose }: WaitDialogProps) {
  const { t } = useTranslation();
  const moment = useMoment(() => null);
  const { at } = moment;
  return (
    <OverlayDialog
      uid={uid}
      kind="wait"
      step={at === null ? null : { step: 'wait', until: at }}
      hint={t('oversight.waiting.hint')}
      onClose={onClose}
    >
      <MomentField
        label={t('oversight.waiting.untilLabel')}
        placeholder={t('oversight.waiting.untilHint')}
        moment={moment}
        parse={parseDue}
        testId={TEST_IDS.overlayField('until')}
      />
    </OverlayDialog>
  );
}

/** Its end, because the citizen has answered or is not waited for any longer. `began`: the event of the one that is on the screen. */
export function WaitEndDialog({ uid, began, onClose }: WaitDialogProps & { readonly began: EventId | undefined }) {
  const { t } = useTranslation();
  const [why, setWhy] = useState<'answered' | 'by_hand'>('answered');
  return (
    <OverlayDialog
      uid={uid}
      kind="wait_end"
      step={{ step: 'wait_end', why, ...(began ? { ref: began } : {}) }}
      areWordsNeeded={why === 'answered'}
      onClose={onClose}
    >
      <FieldRow label={t('oversight.waiting.why')}>
        {(control) => (
          <ChoiceGroup
            control={control}
            value={why}
            choices={(['answered', 'by_hand'] as const).map((value) => ({
              value,
              label: t(`oversight.waiting.whyName.${value}`),
            }))}
            onChange={setWhy}
            testId={TEST_IDS.overlayField('why')}
          />
        )}
      </FieldRow>
    </OverlayDialog>
  );
}
