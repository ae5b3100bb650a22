/**
 * The keyboard map: every key of the console in one place. Handlers are registered per action (see `actions.ts`); the
 * shortcut sheet, the palette and the hints on buttons read the same table.
 *
 * Chosen so that no key belongs to an input method, to Windows or a Linux desktop, or to the browser engine: function
 * keys that Chromium leaves alone, Alt + digit or letter, and a few Ctrl combinations that only a browser frame would use.
 */
export interface KeyBinding {
  readonly key: string;
  readonly ctrl?: true;
  readonly alt?: true;
  readonly shift?: true;
  /** Only when no text is being typed. */
  readonly outsideText?: true;
  /** Only while a list has the focus: a single letter would be typed anywhere else. */
  readonly inList?: true;
}

export const KEYMAP = {
  'call.answer': [{ key: 'F2' }],
  'call.reject': [{ key: 'F4', shift: true }],
  'call.hangup': [{ key: 'F4' }],
  'call.hold': [{ key: 'F8' }],
  'call.mute': [{ key: 'F9' }],
  'call.transfer': [{ key: 't', alt: true }],
  'call.emergency': [{ key: 'e', alt: true }],
  'call.help': [{ key: 'h', alt: true }],
  'call.keypad': [{ key: 'F9', shift: true }],
  'call.complete': [{ key: 'F2', shift: true }],
  'call.conference': [{ key: 'c', alt: true }],
  'call.back': [{ key: 'F8', shift: true }],
  'call.dial': [{ key: 'o', alt: true }],
  'agent.toggleReady': [{ key: 'F6' }],
  'agent.extendWrapUp': [{ key: 'F6', shift: true }],
  'intake.new': [{ key: 'n', ctrl: true }],
  'intake.next': [
    { key: 'PageDown', ctrl: true },
    { key: 'Tab', ctrl: true },
  ],
  'intake.previous': [
    { key: 'PageUp', ctrl: true },
    { key: 'Tab', ctrl: true, shift: true },
  ],
  'intake.submit': [{ key: 'Enter', ctrl: true }],
  'intake.directAnswer': [{ key: 'd', ctrl: true }],
  'intake.save': [{ key: 's', ctrl: true }],
  'intake.takeDivision': [{ key: 'q', alt: true }],
  'intake.takeUrgency': [{ key: 'u', alt: true }],
  'intake.takeCategory': [{ key: '1', ctrl: true }],
  'intake.takeSecondCategory': [{ key: '2', ctrl: true }],
  'intake.takeThirdCategory': [{ key: '3', ctrl: true }],
  'intake.pickForm': [{ key: 'b', alt: true }],
  'intake.takeForm': [{ key: 'g', alt: true }],
  'intake.discard': [],
  'intake.recover': [{ key: 't', ctrl: true, shift: true }],
  'focus.intake': [{ key: 'i', alt: true }],
  'focus.title': [{ key: 'w', alt: true }],
  'focus.place': [{ key: 'a', alt: true }],
  'focus.citizen': [{ key: 'p', alt: true }],
  'focus.duplicates': [{ key: 'd', alt: true }],
  'focus.knowledge': [{ key: 'k', alt: true }],
  'knowledge.toAnswer': [{ key: 'j', alt: true }],
  'knowledge.toContent': [{ key: 'j', alt: true, shift: true }],
  'outbox.correct': [{ key: 'm', alt: true }],
  'outbox.redo': [{ key: 'r', alt: true }],
  'outbox.discard': [{ key: 'x', alt: true }],
  'triage.dispatch': [{ key: 'd', inList: true }],
  'triage.approve': [{ key: 'a', inList: true }],
  'triage.refuse': [{ key: 'r', inList: true }],
  'triage.joint': [{ key: 'l', inList: true }],
  'triage.account': [{ key: 'h', inList: true }],
  'triage.merge': [{ key: 'm', inList: true }],
  'triage.mark': [
    { key: 'x', inList: true },
    { key: ' ', inList: true },
  ],
  'triage.markAll': [{ key: 'a', ctrl: true, inList: true }],
  'oversight.order': [{ key: 's', alt: true }],
  'oversight.progress': [{ key: 'v', alt: true }],
  'oversight.finish': [{ key: 'v', alt: true, shift: true }],
  'reminders.acknowledge': [{ key: 'y', inList: true }],
  'reminders.done': [{ key: 'y', alt: true }],
  'queue.narrow': [{ key: 'f', inList: true }],
  'queue.sort': [{ key: 's', inList: true }],
  'search.sort': [{ key: 's', alt: true, shift: true }],
  'views.open': [{ key: 'l', alt: true }],
  'page.workbench': [{ key: '1', alt: true }],
  'page.mine': [{ key: '2', alt: true }],
  'page.queue': [{ key: '3', alt: true }],
  'page.quality': [{ key: '9', alt: true }],
  'page.board': [{ key: '0', alt: true }],
  'page.reminders': [{ key: 'n', alt: true }],
  'page.calls': [{ key: '8', alt: true }],
  'page.search': [
    { key: '4', alt: true },
    { key: 'f', ctrl: true },
    { key: '/', outsideText: true },
  ],
  'page.knowledge': [{ key: '7', alt: true }],
  'page.outbox': [{ key: '5', alt: true }],
  'page.settings': [
    { key: '6', alt: true },
    { key: ',', ctrl: true },
  ],
  'page.forms': [],
  'app.palette': [{ key: 'k', ctrl: true }],
  'app.shortcuts': [{ key: 'F1' }, { key: '?', outsideText: true }],
  'app.lock': [{ key: 'l', ctrl: true, shift: true }],
  'app.back': [{ key: 'Escape' }],
} as const satisfies Record<string, readonly KeyBinding[]>;

export type ActionId = keyof typeof KEYMAP;
export const ACTION_IDS = Object.keys(KEYMAP) as readonly ActionId[];

/** What of a keyboard event matters. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly keyCode: number;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
  readonly isComposing: boolean;
}

/** True while an input method composes: the key belongs to it, whatever it is. 229 is what Chromium reports then. */
export function isImeEvent(event: Pick<KeyPress, 'isComposing' | 'keyCode' | 'key'>): boolean {
  return event.isComposing || event.keyCode === 229 || event.key === 'Process';
}

/** The letter or digit of the physical key, for layouts and input methods that put something else on it. */
function physicalKey(code: string): string | null {
  const match = /^(?:Key([A-Z])|Digit(\d))$/.exec(code);
  return match ? (match[1]?.toLowerCase() ?? match[2] ?? null) : null;
}

/** Alt with the digits of the numeric pad is how Windows enters a character by its code, in text and outside of it. */
function isCharacterEntry({ altKey, code }: KeyPress): boolean {
  return altKey && /^Numpad\d$/.test(code);
}

function matches(binding: KeyBinding, event: KeyPress, inText: boolean, inList: boolean): boolean {
  if (binding.outsideText && inText) return false;
  if (binding.inList && !inList) return false;
  if (event.metaKey || event.ctrlKey !== (binding.ctrl ?? false) || event.altKey !== (binding.alt ?? false))
    return false;
  const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  // '?' and '/' are themselves shifted on some layouts: the character counts, not the modifier.
  const isSign = binding.key.length === 1 && !/[a-z0-9]/.test(binding.key);
  if (!isSign && event.shiftKey !== (binding.shift ?? false)) return false;
  if (pressed === binding.key) return true;
  // With Chinese punctuation on, the same keys give full-width signs.
  if (binding.key === '?' && pressed === '？') return true;
  if (binding.key === '/' && pressed === '、' && !event.shiftKey) return true;
  if (binding.key === ',' && pressed === '，' && binding.ctrl) return true;
  return (binding.ctrl || binding.alt) === true && physicalKey(event.code) === binding.key;
}

/** The action of a key press, or null. Never an action while an input method composes or a character is entered by its code. */
export function matchAction(event: KeyPress, inText: boolean, inList = false): ActionId | null {
  if (isImeEvent(event) || isCharacterEntry(event)) return null;
  for (const id of ACTION_IDS) {
    const bindings: readonly KeyBinding[] = KEYMAP[id];
    if (bindings.some((binding) => matches(binding, event, inText, inList))) return id;
  }
  return null;
}

const KEY_NAMES: Readonly<Record<string, string>> = { Escape: 'Esc', PageDown: 'PgDn', PageUp: 'PgUp', ' ': 'Space' };

/** A binding as it is printed on a key cap: Ctrl+Enter, Shift+F6. */
export function formatBinding(binding: KeyBinding): string {
  const key = KEY_NAMES[binding.key] ?? (binding.key.length === 1 ? binding.key.toUpperCase() : binding.key);
  return [binding.ctrl && 'Ctrl', binding.alt && 'Alt', binding.shift && 'Shift', key].filter(Boolean).join('+');
}

/** The first key of an action, for hints; empty when it has none. */
export function actionKey(id: ActionId): string {
  const binding: KeyBinding | undefined = KEYMAP[id][0];
  return binding ? formatBinding(binding) : '';
}
