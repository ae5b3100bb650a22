import type { ActAction } from '#shared/domain/ticket-act.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import { CallbackDialog } from './CallbackDialog.tsx';
import type { Choice } from './choices.ts';
import { DecideDialog } from './DecideDialog.tsx';
import { MergeDialog } from './MergeDialog.tsx';
import type { Decidable } from './written-decision.ts';

interface ChoiceDialogProps {
  readonly choice: Choice;
  readonly mayDecide: (status: TicketStatus, action: ActAction) => boolean;
  readonly tickets: readonly Decidable[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** The dialog of a choice about the tickets it was made for. */
export function ChoiceDialog({ choice, ...rest }: ChoiceDialogProps) {
  const [first] = rest.tickets;
  if (choice === 'merge') return <MergeDialog {...rest} />;
  if (choice !== 'callback') return <DecideDialog choice={choice} {...rest} />;
  return first ? <CallbackDialog ticket={first} onClose={rest.onClose} onDone={rest.onDone} /> : null;
}
