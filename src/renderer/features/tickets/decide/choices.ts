import type { ActionId } from '#renderer/platform/keymap.ts';
import type { Role } from '#shared/domain/roles.ts';
import { type ActAction, actsOf } from '#shared/domain/ticket-act.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';

/**
 * A decision as a person chooses it: granting and refusing an extension are one action of the state machine, and two buttons; what comes of a
 * 回访 (办结, 重办, 未接通) nobody knows before they have called.
 */
export type Choice =
  | Exclude<ActAction, 'decide_extension' | CallbackAction>
  | 'grant_extension'
  | 'refuse_extension'
  | 'callback';
/** Choices that the plain dialog takes. */
export type PlainChoice = Exclude<Choice, 'callback' | 'merge'>;
type CallbackAction = 'close' | 'redo' | 'miss_callback';

/** Keys of the list while it has the focus. */
export type TriageKey = Extract<
  ActionId,
  'triage.approve' | 'triage.refuse' | 'triage.dispatch' | 'triage.account' | 'triage.joint' | 'triage.merge'
>;
export const TRIAGE_KEYS: readonly TriageKey[] = [
  'triage.dispatch',
  'triage.approve',
  'triage.refuse',
  'triage.joint',
  'triage.account',
  'triage.merge',
];

/** One key means the same everywhere: yes and on, no and back. */
const KEY_OF: Readonly<Record<Choice, TriageKey | null>> = {
  merge: 'triage.merge',
  unmerge: null,
  send_to_review: null,
  send_to_dispatch: 'triage.approve',
  refuse: 'triage.refuse',
  dispatch: 'triage.dispatch',
  sign: null,
  return: null,
  approve_return: 'triage.approve',
  refuse_return: 'triage.refuse',
  joint_review: 'triage.joint',
  assign: 'triage.dispatch',
  ask_extension: null,
  grant_extension: 'triage.approve',
  refuse_extension: 'triage.refuse',
  put_on_account: 'triage.account',
  resume: 'triage.approve',
  reply: null,
  callback: 'triage.approve',
};

/** The key a choice has in the list; null when it is a button only. */
export function keyOf(choice: Choice): TriageKey | null {
  return KEY_OF[choice];
}

/** What an action is chosen by. */
function choicesOfAction(action: ActAction): readonly Choice[] {
  if (action === 'decide_extension') return ['grant_extension', 'refuse_extension'];
  if (action === 'close') return ['callback'];
  // Outcomes of the same 回访.
  return action === 'redo' || action === 'miss_callback' ? [] : [action];
}

/** The action of the state machine behind a choice. */
export function actionOf(choice: Choice): ActAction {
  if (choice === 'callback') return 'close';
  return choice === 'grant_extension' || choice === 'refuse_extension' ? 'decide_extension' : choice;
}

/** What a role may choose for a ticket in that state. An approved return is the same as sending it to dispatch: one of them is enough. */
export function choicesOf(role: Role, status: TicketStatus): readonly Choice[] {
  return choicesOfActs(actsOf(role, status), status);
}

/** The same of what somebody may decide. */
export function choicesOfActs(acts: readonly ActAction[], status: TicketStatus): readonly Choice[] {
  return acts
    .filter((action) => !(action === 'send_to_dispatch' && status === 'return_review'))
    .flatMap(choicesOfAction);
}

/** What every citizen has to be asked for on the phone: nobody decides it for several at once. */
const ONE_BY_ONE: readonly Choice[] = ['callback'];

/** Whether a choice may be made for so many tickets at once. */
export function isForMany(choice: Choice, tickets: number): boolean {
  return tickets === 1 || !ONE_BY_ONE.includes(choice);
}

/** What a key of the list stands for in that state. */
export function choiceOfKey(role: Role, status: TicketStatus, key: TriageKey): Choice | null {
  return choicesOf(role, status).find((choice) => KEY_OF[choice] === key) ?? null;
}
