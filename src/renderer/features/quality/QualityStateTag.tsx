import {
  IconAlertTriangle,
  IconCircleCheck,
  IconClipboardCheck,
  IconClock,
  IconCloudUpload,
  IconScale,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { StatusTag, type Tone } from '#renderer/ui/StatusTag.tsx';
import type { QualityLine } from '#shared/contract/quality.contract.ts';

const LOOKS: Readonly<Record<QualityLine['state'], readonly [Tone, typeof IconClock]>> = {
  to_check: ['neutral', IconClock],
  scored: ['info', IconClipboardCheck],
  appealed: ['warn', IconAlertTriangle],
  settled: ['good', IconCircleCheck],
  open: ['neutral', IconScale],
  marked: ['info', IconScale],
};

/** How far a check or a calibration has come, and whether the server knows it. */
export function QualityStateTag({ state, pending }: Pick<QualityLine, 'state' | 'pending'>) {
  const { t } = useTranslation();
  const [tone, Icon] = LOOKS[state];
  return (
    <>
      <StatusTag tone={tone} icon={<Icon size={13} aria-hidden />} testId={TEST_IDS.qualityState}>
        {t(`quality.state.${state}`)}
      </StatusTag>
      {pending && (
        <StatusTag tone="warn" icon={<IconCloudUpload size={13} aria-hidden />} title={t('tickets.detail.pendingHint')}>
          {t('tickets.detail.pending')}
        </StatusTag>
      )}
    </>
  );
}
