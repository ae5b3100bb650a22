import { useTranslation } from 'react-i18next';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import attachments from '#renderer/terms/attachments/Attachments.module.css';
import { FileAdder } from '#renderer/terms/attachments/FileAdder.tsx';
import { FileDropZone } from '#renderer/terms/attachments/FileDropZone.tsx';
import { FileLine } from '#renderer/terms/attachments/FileLine.tsx';
import { useFileIntake } from '#renderer/terms/attachments/use-file-intake.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import type { TicketAttachmentView } from '#shared/contract/attachments.contract.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { useTicketFiles } from './oversight/use-ticket-files.ts';
import classes from './TicketDetail.module.css';

/** 附件: the files of a ticket, where each of them is, and adding further ones. */
export function TicketFiles({ uid }: { readonly uid: TicketId }) {
  const { t, i18n } = useTranslation();
  const failureText = useFailureText();
  const { data } = useTicketFiles(uid);
  const intake = useFileIntake(async (written) => {
    await dataClient.attachments.attach({ uid, files: [written] });
    showNotice('success', t('attachments.attached'));
  });
  const takeBack = async ({ eventId, file }: TicketAttachmentView) => {
    if (eventId === null) return;
    try {
      // It stays in the ticket's log for everybody: in the centre's language, not in that of this screen.
      const text = i18n.getFixedT('zh-CN')('attachments.takenBackNote', { name: file.name });
      await dataClient.duplicates.withdrawNote({ uid, eventId, text });
      showNotice('success', t('attachments.takenBack'));
    } catch (error) {
      showNotice('error', failureText(toCallFailure(error)));
    }
  };
  return (
    <div className={classes.section} data-testid={TEST_IDS.ticketFiles}>
      <h3>{t('attachments.label')}</h3>
      <FileDropZone onFiles={(files) => void intake.take(files)} disabled={false}>
        {data?.hidden && <p className={attachments.note}>{t('attachments.hidden')}</p>}
        {data && data.files.length > 0 && (
          <ul className={attachments.files}>
            {data.files.map((one) => (
              <FileLine
                key={one.file.sha256}
                file={one.file}
                state={one}
                ticketUid={uid}
                origin={
                  <span>
                    {one.byName} <TimeText at={one.at} />
                  </span>
                }
                removeLabel={t('attachments.takeBack', { name: one.file.name })}
                onRemove={one.canTakeBack ? () => void takeBack(one) : undefined}
              />
            ))}
          </ul>
        )}
        <FileAdder intake={intake} disabled={false} testId={TEST_IDS.ticketAttach} />
      </FileDropZone>
    </div>
  );
}
