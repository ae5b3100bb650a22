import { Button } from '@mantine/core';
import { IconBellRinging, IconMessagePlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { CannedTextArea } from '#renderer/terms/CannedTextArea.tsx';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { LIMITS } from '#shared/domain/ticket.ts';
import { dropNoteDraft, keepNoteDraft, useNoteDrafts } from './note-drafts.ts';
import classes from './TicketDetail.module.css';

/** 补充 and 催办 on an existing ticket. */
export function NoteBox({ uid }: { readonly uid: string }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const text = useNoteDrafts(({ texts }) => texts[uid] ?? '');
  const [sending, setSending] = useState(false);
  const empty = text.trim() === '';
  const tooLong = text.length > LIMITS.longText;

  const add = async (kind: 'note' | 'remind') => {
    setSending(true);
    try {
      await dataClient.tickets.addNote({ uid, kind, text });
      dropNoteDraft(uid);
      showNotice('success', t(kind === 'note' ? 'tickets.detail.noteAdded' : 'tickets.detail.reminded'));
    } catch (error) {
      const reason = failureText(toCallFailure(error));
      showNotice('error', `${t('tickets.detail.noteFailed', { reason })} ${t('tickets.detail.noteKept')}`);
    } finally {
      setSending(false);
    }
  };

  return (
    <div className={classes.note}>
      <CannedTextArea
        aria-label={t('tickets.detail.noteLabel')}
        placeholder={t('tickets.detail.notePlaceholder')}
        value={text}
        error={tooLong && t('tickets.detail.noteTooLong', { count: text.length, max: LIMITS.longText })}
        readOnly={sending}
        spellCheck={false}
        onText={(next) => keepNoteDraft(uid, next)}
        prefer="note"
        data-testid={TEST_IDS.ticketNoteText}
      />
      {!empty && (
        <div className={classes.noteActions}>
          <Button
            variant="default"
            leftSection={<IconBellRinging size={15} aria-hidden />}
            disabled={sending || tooLong}
            onClick={() => void add('remind')}
            data-testid={TEST_IDS.ticketRemind}
          >
            {t('tickets.detail.remind')}
          </Button>
          <Button
            leftSection={<IconMessagePlus size={15} aria-hidden />}
            disabled={sending || tooLong}
            onClick={() => void add('note')}
            data-testid={TEST_IDS.ticketAddNote}
          >
            {t('tickets.detail.addNote')}
          </Button>
        </div>
      )}
    </div>
  );
}
