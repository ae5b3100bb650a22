import { Button } from '@mantine/core';
import { IconBellRinging, IconHandStop, IconMessagePlus } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { CannedTextArea } from '#renderer/terms/CannedTextArea.tsx';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
import { formatWhen } from '#renderer/ui/format-time.ts';
import { clock } from '#renderer/ui/now.ts';
import { isPromise, parseDue } from '#shared/domain/promise.ts';
import { LIMITS, type NoteKind } from '#shared/domain/ticket.ts';
import { keepNoteDraft, sendNoteDraft, useNoteDrafts } from './note-drafts.ts';
import classes from './TicketDetail.module.css';

const ADDED = { note: 'noteAdded', remind: 'reminded', promise: 'promised' } as const satisfies Record<
  NoteKind,
  string
>;

/**
 * 补充, 催办 and 承诺 on an existing ticket. What begins with 承诺 is one, with the time its words name. Ctrl+Enter in the text does what the
 * filled button does.
 */
export function NoteBox({ uid, isFinished }: { readonly uid: string; readonly isFinished: boolean }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const text = useNoteDrafts(({ texts }) => texts[uid] ?? '');
  const [sending, setSending] = useState(false);
  const [isWriting, setWriting] = useState(false);
  const boxRef = useRef<HTMLDivElement>(null);
  const empty = text.trim() === '';
  const words = { today: t('time.today'), yesterday: t('time.yesterday') };
  const problem = useTextProblem()(text, LIMITS.longText);
  const isUnsendable = sending || problem !== null;

  const now = clock.now();
  const dueAt = isPromise(text) ? parseDue(text, now) : null;

  const add = async (kind: NoteKind) => {
    setSending(true);
    // The buttons go with the text.
    boxRef.current?.querySelector('textarea')?.focus();
    try {
      const due = kind === 'promise' && dueAt !== null ? { dueAt } : {};
      await sendNoteDraft(uid, () => dataClient.tickets.addNote({ uid, kind, text, ...due }));
      showNotice('success', t(`tickets.detail.${ADDED[kind]}`));
    } catch (error) {
      const reason = failureText(toCallFailure(error));
      showNotice('error', `${t('tickets.detail.noteFailed', { reason })} ${t('tickets.detail.noteKept')}`);
    } finally {
      setSending(false);
    }
  };

  const usual = isPromise(text) ? 'promise' : 'note';
  // While the cursor is in the note the key is the note's, even when nothing is to be sent: never the ticket's beside it.
  useAction('intake.submit', () => !empty && !isUnsendable && void add(usual), isWriting);
  const keyOf = (kind: NoteKind) =>
    kind === usual ? { title: actionKey('intake.submit'), 'aria-keyshortcuts': 'Control+Enter' } : {};

  return (
    <div ref={boxRef} className={classes.note}>
      <CannedTextArea
        aria-label={t('tickets.detail.noteLabel')}
        placeholder={t('tickets.detail.notePlaceholder')}
        value={text}
        error={problem}
        readOnly={sending}
        spellCheck={false}
        onText={(next) => keepNoteDraft(uid, next)}
        prefer="note"
        onFocus={() => setWriting(true)}
        onBlur={() => setWriting(false)}
        data-testid={TEST_IDS.ticketNoteText}
      />
      {!empty && (
        <div className={classes.noteActions}>
          {/* Nobody is left to be hurried. */}
          {!isFinished && (
            <Button
              variant="default"
              leftSection={<IconBellRinging size={15} aria-hidden />}
              disabled={isUnsendable}
              onClick={() => void add('remind')}
              data-testid={TEST_IDS.ticketRemind}
            >
              {t('tickets.detail.remind')}
            </Button>
          )}
          <Button
            {...keyOf('promise')}
            variant={usual === 'promise' ? 'filled' : 'default'}
            leftSection={<IconHandStop size={15} aria-hidden />}
            disabled={isUnsendable}
            onClick={() => void add('promise')}
            data-testid={TEST_IDS.ticketPromise}
          >
            {dueAt === null
              ? t('tickets.detail.promise')
              : t('tickets.detail.promiseDue', { time: formatWhen(dueAt, now, words) })}
          </Button>
          <Button
            {...keyOf('note')}
            variant={usual === 'note' ? 'filled' : 'default'}
            leftSection={<IconMessagePlus size={15} aria-hidden />}
            disabled={isUnsendable}
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
