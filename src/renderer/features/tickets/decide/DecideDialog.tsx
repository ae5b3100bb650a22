import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { Dialog } from '#renderer/terms/Dialog.tsx';
import { DialogButtons } from '#renderer/terms/DialogButtons.tsx';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { LIMITS } from '#shared/domain/ticket.ts';
import type { ActAction } from '#shared/domain/ticket-act.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import { ReviewFields, readReview, useWrittenReview } from '../oversight/ReviewFields.tsx';
import { WordsField } from '../WordsField.tsx';
import { AccountFields, ActingField } from './ChoiceFields.tsx';
import { actionOf, type PlainChoice } from './choices.ts';
import classes from './Decide.module.css';
import { DecisionPreview } from './DecisionPreview.tsx';
import { UnitFields } from './UnitFields.tsx';
import { useDecide } from './use-decide.ts';
import { useProposals } from './use-proposals.ts';
import { type Decidable, EMPTY_DECISION, toAct, type WrittenDecision } from './written-decision.ts';

interface DecideDialogProps {
  readonly choice: PlainChoice;
  readonly mayDecide: (status: TicketStatus, action: ActAction) => boolean;
  readonly tickets: readonly Decidable[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Decides about one ticket, or about several with a preview of what becomes of each. */
export function DecideDialog({ choice, mayDecide, tickets, onClose, onDone }: DecideDialogProps) {
  const { t } = useTranslation();
  const textProblem = useTextProblem();
  // What the person saw when they began.
  const [seen] = useState(tickets);
  const [written, setWritten] = useState<WrittenDecision>(EMPTY_DECISION);
  // A unit that is typed and not taken would not be the one it goes to.
  const [isUnitOpen, setUnitOpen] = useState(false);
  const { refused, working, message, decide } = useDecide(t(`tickets.decide.name.${choice}`), onDone);
  const review = useWrittenReview();
  const whole: WrittenDecision = { ...written, review: readReview(review) };
  const set = (part: Partial<WrittenDecision>) => setWritten((before) => ({ ...before, ...part }));

  const candidates = useProposals(seen, choice === 'dispatch' || choice === 'assign');
  const [only] = candidates;
  const action = actionOf(choice);
  const lines = candidates.map((candidate) => {
    const { status, uid } = candidate.ticket;
    const result = mayDecide(status, action) ? toAct(choice, whole, candidate) : ({ obstacle: 'status' } as const);
    const act = 'act' in result ? result.act : null;
    const obstacle = refused.get(uid) ?? ('obstacle' in result ? result.obstacle : null);
    return { ...candidate, act, obstacle, unit: act && 'unit' in act ? act.unit : null };
  });
  const ready = lines.filter(({ act, ticket }) => act !== null && !refused.has(ticket.uid));
  const problem = textProblem(written.words, LIMITS.longText);
  const isReady = ready.length > 0 && problem === null && !working && !isUnitOpen;
  const isSingle = seen.length === 1;
  // That a unit is missing is said at the unit.
  const obstacle = isSingle && lines[0]?.obstacle !== 'unit' ? lines[0]?.obstacle : null;
  const hint = obstacle ? t(`tickets.decide.obstacle.${obstacle}`) : '';

  const submit = () => {
    if (isReady) void decide(ready, written.words);
  };

  return (
    <Dialog
      opened
      onClose={onClose}
      onSubmit={submit}
      title={
        isSingle
          ? t(`tickets.decide.name.${choice}`)
          : t('tickets.decide.many', { what: t(`tickets.decide.name.${choice}`), count: seen.length })
      }
      closeLabel={t('tickets.decide.cancel')}
      // The record of a 研判 beside a unit: all of it, with the buttons, in a window of 768 px.
      size={choice === 'assign' ? 760 : 640}
      testId={TEST_IDS.decideDialog}
    >
      {isSingle && only && <About ticket={only.ticket} />}
      {!isSingle && <DecisionPreview lines={lines} />}
      <div className={classes.fields}>
        {(choice === 'dispatch' || choice === 'assign') && (
          <UnitFields written={written} set={set} candidates={candidates} onOpen={setUnitOpen} />
        )}
        {choice === 'assign' && (
          <>
            <p className={classes.part}>{t('oversight.reviewRecord')}</p>
            <ReviewFields review={review} />
          </>
        )}
        {choice === 'put_on_account' && <AccountFields written={written} set={set} />}
        <WordsField
          label={t(`tickets.decide.words.${choice === 'reply' ? 'reply' : 'reason'}`)}
          error={problem}
          help={hint}
          value={written.words}
          onText={(words) => set({ words })}
          maxRows={6}
          testId={TEST_IDS.decideWords}
        />
        {(choice === 'dispatch' || choice === 'assign') && <ActingField written={written} set={set} />}
      </div>
      {message !== null && <p role="alert">{message}</p>}
      <DialogButtons
        cancel={t('tickets.decide.cancel')}
        confirm={t(`tickets.decide.name.${choice}`)}
        isReady={isReady}
        working={working}
        onCancel={onClose}
        onConfirm={submit}
        testId={TEST_IDS.decideConfirm}
      />
    </Dialog>
  );
}

/** The ticket that is decided about, with who brought it here and why. */
function About({ ticket }: { readonly ticket: Decidable }) {
  const { t } = useTranslation();
  const { step, unit, title, excerpt } = ticket;
  return (
    <div className={classes.step}>
      <div className={classes.stepBy}>
        <span className="selectable">{displayTicketNumber(ticket)}</span>
        <b className={classes.stepTitle}>{title || excerpt}</b>
      </div>
      {step && step.text !== '' && (
        <>
          <div className={classes.stepBy}>
            <span>{step.byName || unit || t('terms.system')}</span>
            <TimeText at={step.at} />
            {step.days !== null && <span>{t('tickets.decide.asksDays', { count: step.days })}</span>}
          </div>
          <span className="selectable">{step.text}</span>
        </>
      )}
    </div>
  );
}
