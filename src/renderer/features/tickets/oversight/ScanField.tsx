import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { FileAdder } from '#renderer/terms/attachments/FileAdder.tsx';
import { FileDropZone } from '#renderer/terms/attachments/FileDropZone.tsx';
import { useFileIntake } from '#renderer/terms/attachments/use-file-intake.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { readAttachment } from '#shared/domain/form/attachment-ref.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { useTicketFiles } from './use-ticket-files.ts';

/** Most characters of a file's name in a choice. */
const MOST_NAME = 24;

/** The scan of a 批示 while it is written. */
export interface ChosenScan {
  /** Null for none. */
  readonly sha256: string | null;
  /** A file is still being stored: whoever sends now would leave it out. */
  readonly isStoring: boolean;
  readonly choose: (sha256: string | null) => void;
  readonly intake: ReturnType<typeof useFileIntake>;
}

/** Chooses a file of the ticket; what is attached here becomes one, and the scan. */
export function useScan(uid: TicketId): ChosenScan {
  const [sha256, choose] = useState<string | null>(null);
  const intake = useFileIntake(async (written) => {
    await dataClient.attachments.attach({ uid, files: [written] });
    choose(readAttachment(written)?.sha256 ?? null);
  });
  return { sha256, isStoring: intake.isWorking, choose, intake };
}

/** Which file of the ticket is the scan, or one that is attached here. */
export function ScanField({ uid, scan }: { readonly uid: TicketId; readonly scan: ChosenScan }) {
  const { t } = useTranslation();
  const { data } = useTicketFiles(uid);
  const files = data?.files ?? [];
  return (
    <FieldRow label={t('oversight.scan')} group>
      {(control) => (
        <FileDropZone onFiles={(taken) => void scan.intake.take(taken)} disabled={false}>
          {files.length > 0 && (
            <ChoiceGroup
              control={control}
              choices={[
                { value: '', label: t('oversight.noScan') },
                ...files.map(({ file }) => ({ value: file.sha256, label: shortened(file.name) })),
              ]}
              value={scan.sha256 ?? ''}
              onChange={(value) => scan.choose(value === '' ? null : value)}
              testId={TEST_IDS.overlayField('scan')}
            />
          )}
          <FileAdder intake={scan.intake} disabled={false} testId={TEST_IDS.overlayScan} />
        </FileDropZone>
      )}
    </FieldRow>
  );
}

/** The end of a name tells files of one scanner apart, the beginning what they are. */
function shortened(name: string): string {
  const half = MOST_NAME / 2;
  return name.length <= MOST_NAME ? name : `${name.slice(0, half)}…${name.slice(-half)}`;
}
