import { createContext, useContext, useEffect, useRef } from 'react';
import { create } from 'zustand';
import { type ActionId, matchAction } from './keymap.ts';

interface RegisteredAction {
  readonly id: ActionId;
  /** False: the key does nothing now and the palette does not offer it. */
  readonly enabled: boolean;
  readonly run: () => void;
  /** The dialog it is offered in; null for the page under all dialogs. */
  readonly dialog: string | null;
}

interface ActionState {
  /** The last registered one of an id wins: a dialog's Esc comes before the page's. */
  readonly actions: readonly RegisteredAction[];
  /** The open dialogs, the uppermost last. */
  readonly dialogs: readonly string[];
}

export const useActionStore = create<ActionState>(() => ({ actions: [], dialogs: [] }));

/** Over every dialog: a caller does not wait for one, and whoever leaves the desk locks it. */
const ALWAYS: ReadonlySet<ActionId> = new Set([
  'call.answer',
  'call.reject',
  'call.hangup',
  'call.hold',
  'call.mute',
  'app.lock',
]);

/** The dialog a component stands in. */
const ScopeContext = createContext<string | null>(null);
export const DialogScope = ScopeContext.Provider;

/** From now on only what is offered in this dialog acts. Gives back the function that ends it. */
export function openDialog(dialog: string): () => void {
  useActionStore.setState((state) => ({ dialogs: [...state.dialogs, dialog] }));
  return () => useActionStore.setState((state) => ({ dialogs: state.dialogs.filter((one) => one !== dialog) }));
}

/** Offers an action until the given function is called. */
export function offerAction(action: RegisteredAction): () => void {
  useActionStore.setState((state) => ({ actions: [...state.actions, action] }));
  return () => useActionStore.setState((state) => ({ actions: state.actions.filter((one) => one !== action) }));
}

/**
 * Runs the action if somebody offers it now. Under an open dialog nothing acts but what a caller cannot wait for and the lock.
 * @returns false when nobody offers it; true when it ran, or is held back by a dialog
 */
export function runAction(id: ActionId): boolean {
  const { actions, dialogs } = useActionStore.getState();
  const offered = actions.filter((action) => action.id === id && action.enabled);
  const uppermost = dialogs.at(-1) ?? null;
  offered.findLast((action) => action.dialog === uppermost || ALWAYS.has(id))?.run();
  return offered.length > 0;
}

/** Offers an action for as long as the component is mounted, in the dialog it stands in. */
export function useAction(id: ActionId, run: () => void, enabled = true): void {
  const runRef = useRef(run);
  runRef.current = run;
  const dialog = useContext(ScopeContext);
  useEffect(() => offerAction({ id, enabled, dialog, run: () => runRef.current() }), [id, enabled, dialog]);
}

/** True for elements that take typing. */
export function isTextElement(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type);
}

/**
 * Listens to the keyboard of the whole window. Gives back the function that ends it.
 * Keys are seen before any component sees them, so Esc closes exactly one thing: the last that offered `app.back`.
 */
export function startKeyboard(): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    const id = matchAction(event, isTextElement(event.target));
    if (id && runAction(id)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  window.addEventListener('keydown', onKeyDown, true);
  return () => window.removeEventListener('keydown', onKeyDown, true);
}
