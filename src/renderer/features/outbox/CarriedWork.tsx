import { Button } from '@mantine/core';
import { IconPrinter, IconUsb } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { IntakeSheet } from '#renderer/terms/print/IntakeSheet.tsx';
import { PrintDialog } from '#renderer/terms/print/PrintDialog.tsx';
import { useStumbleText } from '#renderer/terms/stumble-text.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import type { CarriedItem } from '#shared/contract/carried.contract.ts';
import { ERROR_CODES } from '#shared/contract/error-codes.ts';
import { readReason } from '#shared/sync/refusals.ts';
import classes from './OutboxPage.module.css';
import { SaveCarriedDialog } from './SaveCarriedDialog.tsx';
import { TakeCarriedDialog } from './TakeCarriedDialog.tsx';

/** Ways to go on without a network: a file out to another seat, one in from there, and paper. */
export function CarryButtons({ isOutboxEmpty }: { readonly isOutboxEmpty: boolean }) {
  const { t } = useTranslation();
  const { data: files } = useLiveQuery(['attachments'], () => dataClient.attachments.unsent(), []);
  const [open, setOpen] = useState<'save' | 'take' | 'sheet' | null>(null);
  return (
    <span className={classes.carry}>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconUsb size={14} aria-hidden />}
        title={t('outbox.carry.saveHint')}
        disabled={isOutboxEmpty && (files?.length ?? 0) === 0}
        onClick={() => setOpen('save')}
        data-testid={TEST_IDS.carrySaveOpen}
      >
        {t('outbox.carry.saveOpen')}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        title={t('outbox.carry.takeHint')}
        onClick={() => setOpen('take')}
        data-testid={TEST_IDS.carryTakeOpen}
      >
        {t('outbox.carry.takeOpen')}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconPrinter size={14} aria-hidden />}
        title={t('sheet.openHint')}
        onClick={() => setOpen('sheet')}
        data-testid={TEST_IDS.printBlank}
      >
        {t('sheet.blank')}
      </Button>
      {open === 'sheet' && (
        <PrintDialog title={t('sheet.blank')} fileName="intake-sheet" onClose={() => setOpen(null)}>
          <IntakeSheet fields={null} facts={null} />
        </PrintDialog>
      )}
      {open === 'save' && <SaveCarriedDialog onClose={() => setOpen(null)} />}
      {open === 'take' && <TakeCarriedDialog onClose={() => setOpen(null)} />}
    </span>
  );
}

/** Files of other seats that were brought here: whose, how much, what became of it. Nothing while there are none. */
export function CarriedList() {
  const { t } = useTranslation();
  const { data } = useLiveQuery(['outbox', 'sync', 'attachments'], () => dataClient.outbox.carried(), []);
  if (!data || data.length === 0) return null;
  return (
    <section className={classes.carried} aria-label={t('outbox.carry.list')} data-testid={TEST_IDS.carriedList}>
      <b>{t('outbox.carry.list')}</b>
      <ul>
        {data.map((item) => (
          <li key={item.id}>
            {t('outbox.carry.of', { name: item.name, seat: item.seat, count: item.operations })}{' '}
            <TimeText at={item.savedAt} />
            {' · '}
            <CarriedState item={item} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function CarriedState({ item }: { readonly item: CarriedItem }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const stumbleText = useStumbleText();
  const { isDone, applied, refused, problem, files } = item;
  const code = ERROR_CODES.find((one) => one === problem);
  const reasons = [...new Set(refused.map(({ reason }) => stumbleText(readReason(reason), true).text))];
  return (
    <>
      <span>{t(isDone ? 'outbox.carry.done' : 'outbox.carry.waiting', { count: applied })}</span>
      {files.total > 0 && <span> · {t('outbox.carry.files', files)}</span>}
      {files.missing > 0 && (
        <span className={classes.error}> {t('outbox.carry.filesMissing', { count: files.missing })}</span>
      )}
      {refused.length > 0 && (
        <span className={classes.error}>
          {' '}
          {t('outbox.carry.refused', { count: refused.length, reasons: reasons.join(' ') })}
        </span>
      )}
      {!isDone && code && (
        <span className={classes.error}>
          {' '}
          {code === 'NOT_FOUND'
            ? t('outbox.carry.unknownKey')
            : code === 'SYNC_GAP'
              ? t('outbox.carry.gap')
              : failureText({ code, data: undefined } as Parameters<typeof failureText>[0])}
        </span>
      )}
    </>
  );
}
