import { createContext, useContext, useId, useLayoutEffect, useRef } from 'react';
import { create } from 'zustand';
import { type ActionId, matchAction } from './keymap.ts';

interface RegisteredAction {
  readonly id: ActionId;
  /** False: the key does nothing now and the palette does not offer it. */
  readonly enabled: boolean;
  readonly run: () => void;
  /** The dialog or popover it is offered in; null for the page under all of them. */
  readonly dialog: string | null;
}

/** Something that lies over the page. */
interface Layer {
  readonly id: string;
  /** Closes a popover; null for a dialog, which waits for an answer. */
  readonly leave: (() => void) | null;
}

interface ActionState {
  /** The last registered one of an id wins: a dialog's Esc comes before the page's. */
  readonly actions: readonly RegisteredAction[];
  /** The open dialogs and popovers, the uppermost last. */
  readonly layers: readonly Layer[];
}

export const useActionStore = create<ActionState>(() => ({ actions: [], layers: [] }));

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
  return openLayer({ id: dialog, leave: null });
}

/**
 * The same for a popover. It holds the keys of the page back like a dialog, and gives way to those of the call: whoever looks at a panel
 * and needs another one, or 110, does not close the first one before.
 */
export function openPopover(popover: string, leave: () => void): () => void {
  return openLayer({ id: popover, leave });
}

function openLayer(layer: Layer): () => void {
  useActionStore.setState((state) => ({ layers: [...state.layers, layer] }));
  return () => useActionStore.setState((state) => ({ layers: state.layers.filter((one) => one !== layer) }));
}

/**
 * Keys of an open popover or menu: Esc closes it, and the page behind it has none until then.
 * @returns the scope for what stands in it and offers actions itself
 */
export function usePopoverKeys(opened: boolean, close: () => void): string {
  const scope = useId();
  const closeRef = useRef(close);
  closeRef.current = close;
  useLayoutEffect(() => {
    if (!opened) return;
    const leave = () => closeRef.current();
    const endLayer = openPopover(scope, leave);
    const endBack = offerAction({ id: 'app.back', enabled: true, dialog: scope, run: leave });
    return () => {
      endBack();
      endLayer();
    };
  }, [opened, scope]);
  return scope;
}

/** Offers an action until the given function is called. */
export function offerAction(action: RegisteredAction): () => void {
  useActionStore.setState((state) => ({ actions: [...state.actions, action] }));
  return () => useActionStore.setState((state) => ({ actions: state.actions.filter((one) => one !== action) }));
}

/**
 * Runs the action if somebody offers it now. Under an open dialog nothing acts but what a caller cannot wait for and the lock.
 * @returns false when nobody offers it; true when it ran, or is held back by a dialog or popover
 */
export function runAction(id: ActionId): boolean {
  const { actions, layers } = useActionStore.getState();
  const offered = actions.filter((action) => action.id === id && action.enabled);
  const find = (layer: Layer | undefined) =>
    offered.findLast((action) => action.dialog === (layer?.id ?? null) || ALWAYS.has(id));
  const uppermost = layers.at(-1);
  const action = find(uppermost);
  if (action || !uppermost?.leave || !isOfCall(id)) {
    action?.run();
    return offered.length > 0;
  }
  const below = find(layers.at(-2));
  if (below) uppermost.leave();
  below?.run();
  return offered.length > 0;
}

function isOfCall(id: ActionId): boolean {
  return id.startsWith('call.') || id.startsWith('agent.');
}

/** Offers an action for as long as the component is mounted, in the dialog it stands in. */
export function useAction(id: ActionId, run: () => void, enabled = true): void {
  const runRef = useRef(run);
  runRef.current = run;
  const dialog = useContext(ScopeContext);
  // With the buttons that name the key, not a moment after them: a key that is seen acts.
  useLayoutEffect(() => offerAction({ id, enabled, dialog, run: () => runRef.current() }), [id, enabled, dialog]);
}

/** True for elements that take typing. */
export function isTextElement(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type);
}

/** True for a list that has the focus itself. */
function isListElement(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.getAttribute('role') === 'grid';
}

/**
 * Listens to the keyboard of the whole window. Gives back the function that ends it.
 * Keys are seen before any component sees them, so Esc closes exactly one thing: the last that offered `app.back`.
 */
export function startKeyboard(): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    const id = matchAction(event, isTextElement(event.target), isListElement(event.target));
    if (id && runAction(id)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  window.addEventListener('keydown', onKeyDown, true);
  return () => window.removeEventListener('keydown', onKeyDown, true);
}
