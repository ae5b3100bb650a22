import { ActionIcon, Button } from '@mantine/core';
import { IconArrowsJoin, IconPencil, IconUserPlus } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhoneStore } from '#renderer/platform/phone-client.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { DialButton } from '#renderer/terms/DialButton.tsx';
import type { CallerCard } from '#shared/contract/citizen.contract.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import classes from './CitizenPanel.module.css';

// Nothing of the dialogs is needed to draw a ring.
const PersonEditor = lazy(() => import('./PersonEditor.tsx').then((module) => ({ default: module.PersonEditor })));
const MergeDialog = lazy(() => import('./MergeDialog.tsx').then((module) => ({ default: module.MergeDialog })));

/** A number as the person's record has it, with its extension. */
function writtenNumber(phones: readonly string[], number: string): string {
  return phones.find((phone) => normalizePhone(phone) === number) ?? number;
}

interface CardActionsProps {
  readonly card: CallerCard;
  readonly ani: string;
  /** The server is being asked who this is: a record made now would be their second one. */
  readonly isAsking: boolean;
}

/** Call or edit a person, merge them with another record, or make a record for somebody who has none. */
export function CardActions({ card, ani, isAsking }: CardActionsProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<'edit' | 'merge' | null>(null);
  const rootRef = useRef<HTMLSpanElement>(null);
  const wasOpen = useRef(false);
  const show = (dialog: 'edit' | 'merge') => {
    wasOpen.current = true;
    setOpen(dialog);
  };
  const close = () => setOpen(null);
  const isFree = usePhoneStore(({ phone }) => phone.call === null);
  // Records are read by the whole centre: none is made of who reports on 12350.
  const isReporting = usePhoneStore(({ phone }) =>
    [phone.call, phone.lastCall].some((call) => call?.line === '12350' && call.ani === ani),
  );
  const { citizen } = card;
  const isKnown = citizen !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the button that makes a record gives way to the one that edits it
  useEffect(() => {
    if (open !== null || !wasOpen.current || document.activeElement !== document.body) return;
    rootRef.current?.querySelector<HTMLElement>(`[data-testid="${TEST_IDS.citizenEdit}"]`)?.focus();
  }, [open, isKnown]);
  return (
    <span ref={rootRef} className={classes.actions}>
      {citizen ? (
        <>
          {isFree && (
            <DialButton
              number={writtenNumber(citizen.fields.phones, ani || card.phone)}
              owner={{ subject: 'citizen', uid: citizen.uid }}
              name={citizen.fields.name}
              line={(card.open[0] ?? card.tickets[0])?.line ?? '12345'}
              about={{ ticketUid: null, callbackOf: null }}
              label={t('call.dialTo.call')}
              testId={TEST_IDS.citizenCall}
            />
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('citizen.edit.title')}
            title={t('citizen.edit.title')}
            onClick={() => show('edit')}
            data-testid={TEST_IDS.citizenEdit}
          >
            <IconPencil size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('citizen.merge.title')}
            title={t('citizen.merge.title')}
            onClick={() => show('merge')}
            data-testid={TEST_IDS.citizenMerge}
          >
            <IconArrowsJoin size={16} aria-hidden />
          </ActionIcon>
        </>
      ) : (
        ani !== '' &&
        !isReporting && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconUserPlus size={14} aria-hidden />}
            disabled={isAsking}
            onClick={() => show('edit')}
            data-testid={TEST_IDS.citizenEdit}
          >
            {t('citizen.edit.make')}
          </Button>
        )
      )}
      <Suspense fallback={null}>
        {open === 'edit' && <PersonEditor citizen={citizen} masked={card.masked} ani={ani} onClose={close} />}
        {open === 'merge' && citizen && (
          <MergeDialog person={citizen} candidates={card.alsoKnown.map(({ uid }) => uid)} onClose={close} />
        )}
      </Suspense>
    </span>
  );
}
