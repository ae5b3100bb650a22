import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_ATTACHMENT_BYTES } from '#shared/domain/attachment/attachment-type.ts';
import { storeFile } from '../../platform/attachments.ts';
import { toCallFailure } from '../../platform/call-error.ts';
import { useFailureText } from '../failure-text.ts';

interface FileIntake {
  /** Stores files one after the other; each is handed on as soon as it is on disk. */
  readonly take: (files: readonly File[]) => Promise<void>;
  readonly isWorking: boolean;
  /** What was not taken, and why. */
  readonly refused: readonly string[];
}

/** Takes files that somebody chose, dropped or pasted. @param onStored gets the line that names a stored file */
export function useFileIntake(onStored: (written: string) => void | Promise<void>): FileIntake {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const [working, setWorking] = useState(0);
  const [refused, setRefused] = useState<readonly string[]>([]);
  const handOn = useRef(onStored);
  handOn.current = onStored;

  const take = async (files: readonly File[]) => {
    setRefused([]);
    setWorking((count) => count + 1);
    for (const file of files) {
      try {
        if (file.size > MAX_ATTACHMENT_BYTES) throw Object.assign(new Error(), { tooLarge: true });
        await handOn.current(await storeFile(file));
      } catch (error) {
        const isTooLarge = error instanceof Error && 'tooLarge' in error;
        // A file that vanished or may not be read fails in the page; everything else is a code.
        const reason =
          error instanceof DOMException
            ? t('attachments.unreadable')
            : failureText(isTooLarge ? { code: 'ATTACHMENT_TOO_LARGE' } : toCallFailure(error));
        setRefused((before) => [...before, t('attachments.notTaken', { name: file.name.slice(0, 60), reason })]);
      }
    }
    setWorking((count) => count - 1);
  };
  return { take, isWorking: working > 0, refused };
}
