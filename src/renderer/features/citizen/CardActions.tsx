import { ActionIcon, Button } from '@mantine/core';
import { IconArrowsJoin, IconPencil, IconUserPlus } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { CallerCard } from '#shared/contract/data.contract.ts';
import classes from './CitizenPanel.module.css';

// Nothing of the dialogs is needed to draw a ring.
const PersonEditor = lazy(() => import('./PersonEditor.tsx').then((module) => ({ default: module.PersonEditor })));
const MergeDialog = lazy(() => import('./MergeDialog.tsx').then((module) => ({ default: module.MergeDialog })));

interface CardActionsProps {
  readonly card: CallerCard;
  readonly ani: string;
}

/** Edit a person, merge them with another record, or make a record for somebody who has none. */
export function CardActions({ card, ani }: CardActionsProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<'edit' | 'merge' | null>(null);
  const close = () => setOpen(null);
  const { citizen } = card;
  return (
    <span className={classes.actions}>
      {citizen ? (
        <>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('citizen.edit.title')}
            title={t('citizen.edit.title')}
            onClick={() => setOpen('edit')}
            data-testid={TEST_IDS.citizenEdit}
          >
            <IconPencil size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('citizen.merge.title')}
            title={t('citizen.merge.title')}
            onClick={() => setOpen('merge')}
            data-testid={TEST_IDS.citizenMerge}
          >
            <IconArrowsJoin size={16} aria-hidden />
          </ActionIcon>
        </>
      ) : (
        ani !== '' && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconUserPlus size={14} aria-hidden />}
            onClick={() => setOpen('edit')}
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
