import { ActionIcon } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { copyText } from '../platform/clipboard.ts';
import { showNotice } from '../platform/notice.store.ts';

/** Puts a ticket's number on the clipboard and says whether it is there. */
export function CopyNumberButton({ number, testId }: { readonly number: string; readonly testId: string }) {
  const { t } = useTranslation();
  const copy = async () => {
    if (await copyText(number)) showNotice('success', t('tickets.detail.copied'));
    else showNotice('error', t('tickets.detail.copyFailed'));
  };
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="sm"
      aria-label={t('tickets.detail.copyNumber')}
      title={t('tickets.detail.copyNumber')}
      onClick={() => void copy()}
      data-testid={testId}
    >
      <IconCopy size={15} aria-hidden />
    </ActionIcon>
  );
}
