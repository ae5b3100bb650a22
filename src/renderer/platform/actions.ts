import { useEffect, useRef } from 'react';
import { create } from 'zustand';
import { type ActionId, matchAction } from './keymap.ts';

interface RegisteredAction {
  readonly id: ActionId;
  /** False: the key does nothing now and the palette does not offer it. */
  readonly enabled: boolean;
  readonly run: () => void;
}

interface ActionState {
  /** The last registered one of an id wins: a dialog's Esc comes before the page's. */
  readonly actions: readonly RegisteredAction[];
}

export const useActionStore = create<ActionState>(() => ({ actions: [] }));

/** Runs the action if somebody offers it now. */
export function runAction(id: ActionId): boolean {
  const found = useActionStore.getState().actions.findLast((action) => action.id === id && action.enabled);
  found?.run();
  return found !== undefined;
}

/** Offers an action for as long as the component is mounted. */
export function useAction(id: ActionId, run: () => void, enabled = true): void {
  const runRef = useRef(run);
  runRef.current = run;
  useEffect(() => {
    const action: RegisteredAction = { id, enabled, run: () => runRef.current() };
    useActionStore.setState((state) => ({ actions: [...state.actions, action] }));
    return () => useActionStore.setState((state) => ({ actions: state.actions.filter((one) => one !== action) }));
  }, [id, enabled]);
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
