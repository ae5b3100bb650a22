import {
  IconCircleCheck,
  IconClockPause,
  IconCoffee,
  IconDoorExit,
  IconLifebuoy,
  IconMicrophoneOff,
  IconPencil,
  IconPhone,
  IconPhoneIncoming,
  IconPhoneOutgoing,
  IconPlayerPause,
  IconPlugConnectedX,
  IconTransfer,
  IconUsers,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { NotReadyReason } from '#shared/domain/call-events.ts';
import { type AgentPosition, isBreak } from '#shared/domain/call-state.ts';
import type { Tone } from '../ui/StatusTag.tsx';

/** How every state of an agent looks; the word says the same. `offline`: the phone, or the whole console, is not heard of. */
export const POSITION_LOOKS = {
  offline: ['bad', IconPlugConnectedX],
  'signed-out': ['neutral', IconDoorExit],
  ready: ['good', IconCircleCheck],
  busy: ['warn', IconClockPause],
  break: ['warn', IconCoffee],
  ringing: ['info', IconPhoneIncoming],
  dialing: ['info', IconPhoneOutgoing],
  talking: ['good', IconPhone],
  held: ['warn', IconPlayerPause],
  muted: ['warn', IconMicrophoneOff],
  conference: ['good', IconUsers],
  help: ['info', IconLifebuoy],
  transfer: ['info', IconTransfer],
  'wrap-up': ['info', IconPencil],
} as const satisfies Record<AgentPosition | 'offline', readonly [Tone, unknown]>;

/** The name of a reason with the state it is one of: 小休 · 用餐. */
export function useReasonText(): (reason: NotReadyReason) => string {
  const { t } = useTranslation();
  return (reason) =>
    t('call.positionFor', {
      position: t(`call.position.${isBreak(reason) ? 'break' : 'busy'}`),
      reason: t(`call.reason.${reason}`),
    });
}
