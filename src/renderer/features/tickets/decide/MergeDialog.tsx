import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { Dialog } from '#renderer/terms/Dialog.tsx';
import { DialogButtons } from '#renderer/terms/DialogButtons.tsx';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { LIMITS } from '#shared/domain/ticket.ts';
import type { ActAction } from '#shared/domain/ticket-act.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import { WordsField } from '../WordsField.tsx';
import classes from './Decide.module.css';
import { DecisionPreview, type PreviewLine } from './DecisionPreview.tsx';
import { firstChoice, type ParentChoice, toMergeAct } from './merge-decision.ts';
import { ParentPicker } from './ParentPicker.tsx';
import { useDecide } from './use-decide.ts';
import type { Decidable } from './written-decision.ts';

interface MergeDialogProps {
  readonly tickets: readonly Decidable[];
  readonly mayDecide: (status: TicketStatus, action: ActAction) => boolean;
  /** The 母单 to begin with; left out: as proposed, or the one that has come furthest. */
  readonly parent?: ParentChoice | undefined;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** 并单: puts tickets under a 母单, whose answer reaches every citizen. What becomes of each is shown before. */
export function MergeDialog({ tickets, mayDecide, parent, onClose, onDone }: MergeDialogProps) {
  const { t } = useTranslation();
  const textProblem = useTextProblem();
  // What the person saw when they began.
  const [seen] = useState(tickets);
  const [choice, setChoice] = useState<ParentChoice>(() => parent ?? firstChoice(tickets));
  const [words, setWords] = useState('');
  const { refused, working, message, decide } = useDecide(t('tickets.decide.name.merge'), onDone);

  const lines = seen.flatMap((ticket): readonly (PreviewLine & { readonly act: ReturnType<typeof toMergeAct> })[] => {
    if (ticket.uid === choice) return [];
    const act = mayDecide(ticket.status, 'merge') ? toMergeAct(ticket, choice) : null;
    const reason = !mayDecide(ticket.status, 'merge') ? 'status' : act === null ? 'parent' : null;
    return [{ ticket, ranked: [], unit: null, act, obstacle: refused.get(ticket.uid) ?? reason }];
  });
  const ready = lines.filter(({ act, ticket }) => act !== null && !refused.has(ticket.uid));
  const problem = textProblem(words, LIMITS.longText);
  const isExplained = words.trim() !== '';
  const isReady = ready.length > 0 && isExplained && problem === null && !working;

  const submit = () => {
    if (isReady) void decide(ready, words);
  };

  return (
    <Dialog
      opened
      onClose={onClose}
      onSubmit={submit}
      title={t('tickets.decide.many', { what: t('tickets.decide.name.merge'), count: seen.length })}
      closeLabel={t('tickets.decide.cancel')}
      size={760}
      testId={TEST_IDS.decideDialog}
    >
      <div className={classes.fields}>
        <FieldRow label={t('tickets.merge.parent')} help={t('tickets.merge.parentHelp')} group>
          {(control) => <ParentPicker control={control} tickets={seen} choice={choice} onChoice={setChoice} />}
        </FieldRow>
        <DecisionPreview lines={lines} />
        <WordsField
          label={t('tickets.decide.words.reason')}
          error={problem}
          help={isExplained ? '' : t('tickets.decide.obstacle.words')}
          value={words}
          onText={setWords}
          testId={TEST_IDS.decideWords}
        />
      </div>
      {message !== null && <p role="alert">{message}</p>}
      <DialogButtons
        cancel={t('tickets.decide.cancel')}
        confirm={t('tickets.decide.name.merge')}
        isReady={isReady}
        working={working}
        onCancel={onClose}
        onConfirm={submit}
        testId={TEST_IDS.decideConfirm}
      />
    </Dialog>
  );
}
