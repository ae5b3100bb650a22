import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { usePhoneStore } from '#renderer/platform/phone-client.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { CannedValuesScope, useMatterValues } from '#renderer/terms/canned-values.tsx';
import { DialButton } from '#renderer/terms/DialButton.tsx';
import { Dialog } from '#renderer/terms/Dialog.tsx';
import { DialogButtons } from '#renderer/terms/DialogButtons.tsx';
import { useDialogWork } from '#renderer/terms/dialog-work.ts';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { clock } from '#renderer/ui/now.ts';
import type { DecisionRefusal } from '#shared/contract/tickets.contract.ts';
import { isKeptCallback, keptAnswers } from '#shared/domain/callback/kept-callback.ts';
import { openStage } from '#shared/domain/overlay/ownership.ts';
import { LIMITS, type Ticket } from '#shared/domain/ticket.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import { handlingOf } from '#shared/domain/ticket-handling.ts';
import { WordsField } from '../WordsField.tsx';
import { CallbackFields } from './CallbackFields.tsx';
import { CallbackScript } from './CallbackScript.tsx';
import { toCallbackAct, type WrittenCallback, writtenFrom } from './callback-decision.ts';
import classes from './Decide.module.css';
import { MissedFields } from './MissedFields.tsx';
import type { Decidable } from './written-decision.ts';

interface CallbackDialogProps {
  readonly ticket: Decidable;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** 回访 of one citizen: calls them, says what is to be said, and takes down what they answer, or that nobody did. */
export function CallbackDialog({ ticket, onClose, onDone }: CallbackDialogProps) {
  const { t } = useTranslation();
  // What the person saw when they began.
  const [seen] = useState(ticket);
  const { data } = useLiveQuery(['tickets'], () => dataClient.tickets.get({ uid: seen.uid }), [seen.uid]);
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('tickets.decide.callback.title', {
        number: displayTicketNumber(seen),
        title: seen.title || seen.excerpt,
      })}
      closeLabel={t('tickets.decide.cancel')}
      size={1040}
      testId={TEST_IDS.decideDialog}
    >
      {data && <OpenCallback ticket={data} from={seen.status} onClose={onClose} onDone={onDone} />}
    </Dialog>
  );
}

interface OpenCallbackProps {
  readonly ticket: Ticket;
  readonly from: Ticket['status'];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function OpenCallback({ ticket, from, onClose, onDone }: OpenCallbackProps) {
  const { t } = useTranslation();
  const textProblem = useTextProblem();
  const [openedAt] = useState(() => clock.now());
  const kept = keptAnswers(ticket);
  const [written, setWritten] = useState<WrittenCallback>(() => writtenFrom(kept, kept ? keptWords(ticket) : ''));
  const [refused, setRefused] = useState<DecisionRefusal | null>(null);
  const { working, message, run } = useDialogWork();
  const set = (part: Partial<WrittenCallback>) => setWritten((before) => ({ ...before, ...part }));
  const call = useCallOf(ticket.uid, openedAt);
  // Whether somebody answered is known of a call that was made from here.
  const reached = written.reached ?? call?.reached ?? null;
  const answers = { ...written, reached };
  const calledAt = call?.at ?? openedAt;
  const result = toCallbackAct(answers, calledAt);
  const problem = textProblem(written.words, LIMITS.longText);
  const isReady = 'act' in result && problem === null && !working;
  const { caller, line } = ticket.fields;

  const stage = openStage(handlingOf(ticket).ownership);
  const nameOf = ({ action }: TicketAct) =>
    stage && action === 'close' ? t('tickets.decide.callback.kept') : t(`terms.act.${action}`);

  const submit = async () => {
    if (!isReady) return;
    const { act } = result;
    await run(async () => {
      const decision = { uid: ticket.uid, from, act, words: written.words.trim() };
      const { outcomes } = await dataClient.tickets.decide({ decisions: [decision] });
      const reason = outcomes[0]?.refused ?? null;
      setRefused(reason);
      if (reason !== null) return;
      showNotice('success', t('tickets.decide.done', { what: nameOf(act), count: 1 }));
      onDone();
    });
  };
  useAction('intake.submit', () => void submit());
  const fieldsRef = useRef<HTMLDivElement>(null);
  // The first thing to do is to call; what was there before the ticket was read had nothing to do.
  useEffect(() => fieldsRef.current?.querySelector<HTMLElement>('button:enabled, input')?.focus(), []);
  const hint = refused
    ? t(`tickets.decide.obstacle.${refused}`)
    : 'gap' in result
      ? t(`tickets.decide.callback.gap.${result.gap}`)
      : '';

  return (
    <CallbackScope ticket={ticket}>
      <div className={classes.callback}>
        <CallbackScript ticket={ticket} />
        <div ref={fieldsRef} className={classes.fields}>
          {stage && (
            <p role="note" data-testid={TEST_IDS.callbackKept}>
              {t(`tickets.decide.callback.keptFor.${stage}`)}
            </p>
          )}
          <FieldRow label={t('tickets.detail.caller')} group>
            {() => (
              <span className={classes.dial}>
                <span className="selectable">{caller.anonymous ? t('tickets.detail.anonymous') : caller.name}</span>
                <DialButton
                  number={caller.phone}
                  owner={{ subject: 'ticket', uid: ticket.uid }}
                  name={caller.name}
                  line={line}
                  about={{ ticketUid: ticket.uid, callbackOf: null }}
                  label={t('tickets.detail.callBack')}
                  testId={TEST_IDS.callbackDial}
                />
              </span>
            )}
          </FieldRow>
          <CallbackFields
            written={answers}
            set={set}
            missed={
              <MissedFields
                attempts={handlingOf(ticket).attempts}
                calledAt={calledAt}
                agreedAt={written.agreedAt}
                onAgreed={(agreedAt) => set({ agreedAt })}
              />
            }
          />
          <WordsField
            label={t(`tickets.decide.words.${reached === false ? 'remark' : 'citizen'}`)}
            error={problem}
            help={hint}
            value={written.words}
            onText={(words) => set({ words })}
            isLater
            testId={TEST_IDS.decideWords}
          />
        </div>
      </div>
      {message !== null && <p role="alert">{message}</p>}
      <DialogButtons
        cancel={t('tickets.decide.cancel')}
        confirm={'act' in result ? nameOf(result.act) : t('tickets.decide.name.callback')}
        isReady={isReady}
        working={working}
        onCancel={onClose}
        onConfirm={() => void submit()}
        testId={TEST_IDS.decideConfirm}
      />
    </CallbackScope>
  );
}

/** The citizen's words of the 回访 whose answers were kept. */
function keptWords({ events }: Pick<Ticket, 'events'>): string {
  return events.findLast(isKeptCallback)?.text ?? '';
}

/** The call that was made about a ticket since then, and whether somebody answered; null for that while it rings. */
function useCallOf(uid: string, since: number): { readonly at: number; readonly reached: boolean | null } | null {
  const call = usePhoneStore(
    ({ phone }) =>
      [phone.call, phone.lastCall].find((one) => one?.about?.ticketUid === uid && one.ringAt >= since) ?? null,
  );
  if (!call) return null;
  return { at: call.ringAt, reached: call.answeredAt !== null ? true : call.outcome === null ? null : false };
}

/** Script and canned texts speak of this ticket. */
function CallbackScope({ ticket, children }: { readonly ticket: Ticket; readonly children: ReactNode }) {
  const matter = useMatterValues(ticket.fields);
  const unit = ticket.unit ?? ticket.replies.at(-1)?.unit;
  const values = { ...matter, 'ticket.no': displayTicketNumber(ticket), ...(unit === undefined ? {} : { unit }) };
  return (
    <CannedValuesScope values={values} gender={ticket.fields.caller.gender}>
      {children}
    </CannedValuesScope>
  );
}
