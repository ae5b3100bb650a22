import { IconAlertTriangle, IconClock, IconHourglass, IconSend } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStumbleText } from '#renderer/terms/stumble-text.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { formatTimer } from '#renderer/ui/format-time.ts';
import { useNow } from '#renderer/ui/now.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { Column } from '#renderer/ui/VirtualTable.tsx';
import type { OutboxItem } from '#shared/contract/outbox.contract.ts';
import type { Op } from '#shared/sync/wire.ts';
import classes from './OutboxPage.module.css';

const LOOKS = {
  waiting: ['neutral', IconClock],
  sending: ['info', IconSend],
  rejected: ['bad', IconAlertTriangle],
  blocked: ['warn', IconHourglass],
} as const;

/** Every kind has a text; one that a newer build had queued has none here. */
const KINDS: Readonly<Record<Op['kind'], true>> = {
  'ticket.create': true,
  'ticket.note': true,
  'ticket.link': true,
  'ticket.unlink': true,
  'ticket.amend': true,
  'ticket.act': true,
  'ticket.overlay': true,
  'citizen.upsert': true,
  'citizen.change': true,
  'citizen.lift': true,
  'citizen.merge': true,
  'citizen.split': true,
  'article.propose': true,
  'article.review': true,
  'article.feedback': true,
  'draft.hand_over': true,
  'check.score': true,
  'check.appeal': true,
  'check.settle': true,
  'calibration.start': true,
  'calibration.score': true,
  'audit.reveal': true,
};

function isKnownKind(kind: string): kind is Op['kind'] {
  return Object.hasOwn(KINDS, kind);
}

/** Key of the text that names an operation of a kind. */
export function kindText(kind: string) {
  return `outbox.kind.${isKnownKind(kind) ? kind : 'other'}` as const;
}

/** True for an operation that goes nowhere until a person acts on it. */
export function isRefused({ state }: OutboxItem): boolean {
  return state === 'rejected' || state === 'blocked';
}

/** When an operation is tried next, and what it waits for otherwise. */
function NextTry({ item, nextTryAt }: { readonly item: OutboxItem; readonly nextTryAt: number | null }) {
  const { t } = useTranslation();
  const now = useNow();
  if (isRefused(item)) return t('outbox.next.person');
  if (item.state === 'sending') return t('outbox.next.now');
  return nextTryAt === null || nextTryAt <= now ? t('outbox.next.soon') : formatTimer(nextTryAt - now);
}

/** Columns of the outbox. @param nextTryAt when the sync tries again by itself; null when it does not have to wait */
export function useOutboxColumns(nextTryAt: number | null): readonly Column<OutboxItem>[] {
  const { t } = useTranslation();
  const stumbleText = useStumbleText();
  return useMemo<readonly Column<OutboxItem>[]>(
    () => [
      { id: 's', header: t('outbox.column.order'), width: '56px', render: (row) => row.s },
      {
        id: 'kind',
        header: t('outbox.column.kind'),
        width: '110px',
        render: (row) => t(kindText(row.kind)),
      },
      {
        id: 'label',
        header: t('outbox.column.label'),
        width: 'minmax(140px, 2fr)',
        render: (row) => <span title={row.label}>{row.label}</span>,
      },
      { id: 'at', header: t('outbox.column.at'), width: '96px', render: (row) => <TimeText at={row.at} /> },
      {
        id: 'state',
        header: t('outbox.column.state'),
        width: '176px',
        render: (row) => {
          const [tone, Icon] = LOOKS[row.state];
          return (
            <StatusTag tone={tone} icon={<Icon size={13} aria-hidden />}>
              {t(`outbox.state.${row.state}`)}
            </StatusTag>
          );
        },
      },
      { id: 'attempts', header: t('outbox.column.attempts'), width: '76px', render: (row) => row.attempts },
      {
        id: 'lastTry',
        header: t('outbox.column.lastTry'),
        width: '96px',
        render: (row) => (row.lastTryAt === null ? t('outbox.never') : <TimeText at={row.lastTryAt} />),
      },
      {
        id: 'nextTry',
        header: t('outbox.column.nextTry'),
        width: '96px',
        render: (row) => <NextTry item={row} nextTryAt={nextTryAt} />,
      },
      {
        id: 'error',
        header: t('outbox.column.error'),
        width: 'minmax(120px, 2fr)',
        render: (row) => {
          if (row.lastError === null) return null;
          const { text, title } = stumbleText(row.lastError, isRefused(row));
          return (
            <span className={classes.error} title={title}>
              {text}
            </span>
          );
        },
      },
    ],
    [t, stumbleText, nextTryAt],
  );
}
