import { ActionIcon } from '@mantine/core';
import { IconCloudDownload, IconDeviceFloppy, IconX } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AttachmentStateView } from '#shared/contract/attachments.contract.ts';
import { isDrawable } from '#shared/domain/attachment/attachment-type.ts';
import type { AttachmentRef } from '#shared/domain/form/attachment-ref.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { saveStoredFile } from '../../platform/attachments.ts';
import { toCallFailure } from '../../platform/call-error.ts';
import { dataClient } from '../../platform/data-client.ts';
import { showNotice } from '../../platform/notice.store.ts';
import { TEST_IDS } from '../../platform/test-ids.ts';
import { Dialog } from '../Dialog.tsx';
import { useFailureText } from '../failure-text.ts';
import { formatBytes } from '../form-text.ts';
import classes from './Attachments.module.css';
import { FileState } from './FileState.tsx';
import { Picture, Thumbnail } from './Thumbnail.tsx';

interface FileLineProps {
  readonly file: AttachmentRef;
  readonly state: AttachmentStateView | undefined;
  /** Through which ticket it is looked at; null for a file of a draft. */
  readonly ticketUid: TicketId | null;
  /** Who added it and when. */
  readonly origin?: ReactNode;
  readonly onRemove?: (() => void) | undefined;
  readonly removeLabel?: string;
  readonly disabled?: boolean;
}

/** One file: a small picture of it, what it is, where it is, and what can be done with it. */
export function FileLine(props: FileLineProps) {
  const { file, state, ticketUid, origin, onRemove, removeLabel, disabled = false } = props;
  const { t } = useTranslation();
  const failureText = useFailureText();
  const [isOpen, setOpen] = useState(false);
  const [isFetching, setFetching] = useState(false);
  const { sha256, name, size, type } = file;
  const isHere = state !== undefined && state.state !== 'remote';
  const canOpen = isHere && isDrawable(type);

  const save = async () => {
    try {
      if (await saveStoredFile(name, sha256, ticketUid)) showNotice('success', t('attachments.saved'));
    } catch (error) {
      showNotice('error', failureText(toCallFailure(error)));
    }
  };
  const fetchIt = async () => {
    setFetching(true);
    try {
      await dataClient.attachments.fetch({ sha256, name, ticketUid });
    } catch (error) {
      showNotice('error', failureText(toCallFailure(error)));
    } finally {
      setFetching(false);
    }
  };
  return (
    <li className={classes.file} data-testid={TEST_IDS.attachment(name)} data-state={state?.state}>
      <Thumbnail sha256={sha256} type={type} ticketUid={ticketUid} isHere={isHere} size={size} />
      <span className={classes.text}>
        {canOpen ? (
          <button
            type="button"
            className={classes.name}
            title={t('attachments.open', { name })}
            onClick={() => setOpen(true)}
            data-testid={TEST_IDS.attachmentOpen(name)}
          >
            {name}
          </button>
        ) : (
          <span className={classes.name} title={name}>
            {name}
          </span>
        )}
        <span className={classes.note}>
          <span>{formatBytes(size)}</span>
          {state && <FileState state={state} size={size} />}
          {origin}
        </span>
      </span>
      {state?.state === 'remote' && (
        <ActionIcon
          variant="subtle"
          color="gray"
          loading={isFetching}
          aria-label={t('attachments.fetch', { name })}
          title={t('attachments.fetch', { name })}
          onClick={() => void fetchIt()}
          data-testid={TEST_IDS.attachmentFetch(name)}
        >
          <IconCloudDownload size={16} aria-hidden />
        </ActionIcon>
      )}
      {isHere && (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('attachments.save', { name })}
          title={t('attachments.save', { name })}
          onClick={() => void save()}
          data-testid={TEST_IDS.attachmentSave(name)}
        >
          <IconDeviceFloppy size={16} aria-hidden />
        </ActionIcon>
      )}
      {onRemove && (
        <ActionIcon
          variant="subtle"
          color="gray"
          disabled={disabled}
          aria-label={removeLabel}
          title={removeLabel}
          onClick={onRemove}
          data-testid={TEST_IDS.attachmentRemove(name)}
        >
          <IconX size={15} aria-hidden />
        </ActionIcon>
      )}
      {isOpen && <PictureDialog file={file} ticketUid={ticketUid} onClose={() => setOpen(false)} />}
    </li>
  );
}

interface PictureDialogProps {
  readonly file: AttachmentRef;
  readonly ticketUid: TicketId | null;
  readonly onClose: () => void;
}

function PictureDialog({ file, ticketUid, onClose }: PictureDialogProps) {
  const { t } = useTranslation();
  const [broken, setBroken] = useState(false);
  const { sha256, type, name } = file;
  return (
    <Dialog
      opened
      onClose={onClose}
      title={name}
      closeLabel={t('app.close')}
      size={960}
      testId={TEST_IDS.attachmentView}
    >
      {broken ? (
        <p>{t('attachments.broken')}</p>
      ) : (
        <Picture
          sha256={sha256}
          type={type}
          ticketUid={ticketUid}
          most={900}
          label={name}
          onFailure={() => setBroken(true)}
        />
      )}
    </Dialog>
  );
}
