import { useContext, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_ATTACHMENT_BYTES } from '#shared/domain/attachment/attachment-type.ts';
import { storeFile } from '../../platform/attachments.ts';
import { toCallFailure } from '../../platform/call-error.ts';
import { showNotice } from '../../platform/notice.store.ts';
import { useFailureText } from '../failure-text.ts';
import { FileOwner, noteStoring } from './files-being-stored.ts';

interface FileIntake {
  /** Stores files one after the other; each is handed on as soon as it is on disk. */
  readonly take: (files: readonly File[]) => Promise<void>;
  readonly isWorking: boolean;
  /** What was not taken, and why. */
  readonly refused: readonly string[];
}

/** A stored file that its place does not take. The message is the reason in the user's language. */
export class FileNotTaken extends Error {}

/**
 * Takes files that somebody chose, dropped or pasted.
 * @param onStored gets the line that names a stored file, also after its place has left the screen; throws FileNotTaken
 */
export function useFileIntake(onStored: (written: string) => void | Promise<void>): FileIntake {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const owner = useContext(FileOwner);
  const [working, setWorking] = useState(0);
  const [refused, setRefused] = useState<readonly string[]>([]);
  const isShown = useRef(false);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);

  const reasonOf = (error: unknown) => {
    if (error instanceof FileNotTaken) return error.message;
    // A file that vanished or may not be read fails in the page; everything else is a code.
    return error instanceof DOMException ? t('attachments.unreadable') : failureText(toCallFailure(error));
  };

  /** Stores one file. @returns why it was not taken, null when it was */
  const takeOne = async (file: File) => {
    try {
      if (file.size > MAX_ATTACHMENT_BYTES) throw new FileNotTaken(failureText({ code: 'ATTACHMENT_TOO_LARGE' }));
      // Whatever is shown meanwhile, a file goes where it was dropped.
      await onStored(await storeFile(file));
      return null;
    } catch (error) {
      return t('attachments.notTaken', { name: file.name.slice(0, 60), reason: reasonOf(error) });
    }
  };

  const takeAll = async (files: readonly File[]) => {
    let isComplete = true;
    for (const file of files) {
      const text = await takeOne(file);
      if (text === null) continue;
      isComplete = false;
      if (isShown.current) setRefused((before) => [...before, text]);
      else showNotice('error', text);
    }
    return isComplete;
  };

  const take = async (files: readonly File[]) => {
    setRefused([]);
    setWorking((count) => count + 1);
    const work = takeAll(files);
    if (owner !== null) noteStoring(owner, work);
    await work;
    setWorking((count) => count - 1);
  };
  return { take, isWorking: working > 0, refused };
}
