import { useTranslation } from 'react-i18next';
import type { AttachmentStateView } from '#shared/contract/attachments.contract.ts';
import { StatusTag, type Tone } from '../../ui/StatusTag.tsx';
import { useStumbleText } from '../stumble-text.ts';

const TONES: Readonly<Record<AttachmentStateView['state'], Tone>> = {
  held: 'neutral',
  waiting: 'warn',
  sent: 'good',
  refused: 'bad',
  remote: 'neutral',
};

/** Where a file is, in words; with how far it is sent, or why it is not. */
export function FileState({ state, size }: { readonly state: AttachmentStateView; readonly size: number }) {
  const { t } = useTranslation();
  const stumbleText = useStumbleText();
  const { state: name, sentBytes, problem } = state;
  const percent = size === 0 ? 0 : Math.floor((100 * sentBytes) / size);
  const isUnderWay = name === 'waiting' && sentBytes > 0;
  const reason =
    problem && (name === 'waiting' || name === 'refused') ? stumbleText(problem, name === 'refused') : null;
  const words = () => {
    if (isUnderWay) return t('attachments.percent', { percent });
    if (name === 'refused' && reason) return t('attachments.refusedWhy', { reason: reason.title });
    // Waits for the person, not for the line.
    if (name === 'waiting' && reason && problem?.code === 'ATTACHMENT_QUOTA') {
      return t('attachments.waitsWhy', { reason: reason.text });
    }
    return t(`attachments.state.${name}`);
  };
  return (
    <StatusTag tone={TONES[name]} title={reason?.title ?? t(`attachments.hint.${name}`)}>
      {words()}
    </StatusTag>
  );
}
