import { describe, expect, it } from 'vitest';
import {
  ACTION_IDS,
  actionKey,
  formatBinding,
  KEYMAP,
  type KeyBinding,
  type KeyPress,
  matchAction,
} from '#renderer/platform/keymap.ts';

function press(key: string, change: Partial<KeyPress> = {}): KeyPress {
  const base = { key, code: '', keyCode: 0, ctrlKey: false, altKey: false, shiftKey: false, metaKey: false };
  return { ...base, isComposing: false, ...change };
}

describe('keyboard map', () => {
  it.each([
    [press('F2'), 'call.answer'],
    [press('F6', { shiftKey: true }), 'agent.extendWrapUp'],
    [press('Enter', { ctrlKey: true }), 'intake.submit'],
    [press('d', { ctrlKey: true }), 'intake.directAnswer'],
    [press('D', { ctrlKey: true }), 'intake.directAnswer'],
    [press('3', { altKey: true }), 'page.queue'],
    [press('Tab', { ctrlKey: true, shiftKey: true }), 'intake.previous'],
    [press('Escape'), 'app.back'],
  ] as const)('knows %o while text is being typed', (event, action) => {
    expect(matchAction(event, true)).toBe(action);
  });

  it('leaves plain letters, Enter and Tab to the form', () => {
    for (const key of ['d', 'Enter', 'Tab', ' ', '1', 'n', 'PageDown'])
      expect(matchAction(press(key), false)).toBeNull();
  });

  it('opens search and the sheet by / and ? outside of text only, Chinese punctuation included', () => {
    expect(matchAction(press('/'), false)).toBe('page.search');
    expect(matchAction(press('、'), false)).toBe('page.search');
    expect(matchAction(press('?', { shiftKey: true }), false)).toBe('app.shortcuts');
    expect(matchAction(press('？', { shiftKey: true }), false)).toBe('app.shortcuts');
    expect(matchAction(press('/'), true)).toBeNull();
    expect(matchAction(press('？', { shiftKey: true }), true)).toBeNull();
  });

  it('goes by the physical key when an input method or another layout changes the letter', () => {
    expect(matchAction(press('в', { ctrlKey: true, code: 'KeyD' }), true)).toBe('intake.directAnswer');
    expect(matchAction(press('¡', { altKey: true, code: 'Digit1' }), true)).toBe('page.workbench');
  });

  it('leaves Alt with the numeric pad to Windows, which enters characters by their code with it', () => {
    for (const digit of '0123456789') {
      const key = { altKey: true, code: `Numpad${digit}` };
      expect(matchAction(press(digit, key), true)).toBeNull();
      expect(matchAction(press(digit, key), false)).toBeNull();
    }
  });

  it('does nothing at all while an input method composes', () => {
    for (const id of ACTION_IDS) {
      const bindings: readonly KeyBinding[] = KEYMAP[id];
      for (const { key, ctrl = false, alt = false, shift = false } of bindings) {
        const keys = { ctrlKey: ctrl, altKey: alt, shiftKey: shift };
        expect(matchAction(press(key, keys), false, true)).toBe(id);
        expect(matchAction(press(key, { ...keys, isComposing: true }), false, true)).toBeNull();
        expect(matchAction(press(key, { ...keys, keyCode: 229 }), false, true)).toBeNull();
        expect(matchAction(press('Process', keys), false, true)).toBeNull();
      }
    }
  });

  it('takes single letters in a list only: anywhere else they would be typed or belong to nobody', () => {
    expect(matchAction(press('d'), false, true)).toBe('triage.dispatch');
    expect(matchAction(press('D', { shiftKey: true }), false, true)).toBeNull();
    expect(matchAction(press('d'), false)).toBeNull();
    expect(matchAction(press('d'), true)).toBeNull();
    expect(matchAction(press('d', { isComposing: true }), false, true)).toBeNull();
  });

  it('never reacts to the system key', () => {
    expect(matchAction(press('d', { ctrlKey: true, metaKey: true }), false)).toBeNull();
  });

  it('gives every key to one action only', () => {
    const keys = ACTION_IDS.flatMap((id) => (KEYMAP[id] as readonly KeyBinding[]).map(formatBinding));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('prints keys as they are on the keyboard', () => {
    expect(actionKey('intake.submit')).toBe('Ctrl+Enter');
    expect(actionKey('agent.extendWrapUp')).toBe('Shift+F6');
    expect(actionKey('app.lock')).toBe('Ctrl+Shift+L');
    expect(actionKey('intake.discard')).toBe('');
  });

  /** Combinations that belong to others: who takes them before a window sees them, or what a text field does with them. */
  const RESERVED: Readonly<Record<string, readonly string[]>> = {
    Windows: [
      'Alt+F4',
      'Alt+Tab',
      'Alt+Escape',
      'Alt+Space',
      'Ctrl+Escape',
      'Ctrl+Shift+Escape',
      'Ctrl+Alt+Delete',
      'F10',
    ],
    GNOME: [
      'Alt+F1',
      'Alt+F2',
      'Alt+F7',
      'Alt+F8',
      'Alt+F10',
      'Ctrl+Alt+T',
      'Ctrl+Alt+L',
      'Ctrl+Alt+ArrowUp',
      'Ctrl+Alt+ArrowDown',
    ],
    'Microsoft 拼音': ['Ctrl+Space', 'Shift+Space', 'Ctrl+.', 'Ctrl+Shift+F', 'Ctrl+Shift+Space', 'Alt+Shift+Space'],
    搜狗: [
      'Ctrl+Space',
      'Ctrl+.',
      'Shift+Space',
      'Ctrl+Shift+F',
      'Ctrl+Shift+Z',
      'Ctrl+Shift+M',
      'Ctrl+Shift+K',
      'Ctrl+Shift+B',
    ],
    'IBus, Fcitx': ['Ctrl+Space', 'Ctrl+;', 'Ctrl+Alt+P', 'Ctrl+Alt+H', 'Ctrl+Alt+B', 'Ctrl+Shift+U', 'Ctrl+Shift+E'],
    'text fields of Chromium': [
      ...['A', 'C', 'V', 'X', 'Z', 'Y'].map((letter) => `Ctrl+${letter}`),
      ...['Shift+V', 'Shift+Z', 'Backspace', 'Delete', 'Home', 'End', 'ArrowLeft', 'ArrowRight'].map(
        (key) => `Ctrl+${key}`,
      ),
      'F7',
      'Shift+F10',
    ],
  };

  it('takes no combination that belongs to the system, an input method or a text field', () => {
    const others = new Map(Object.entries(RESERVED).flatMap(([who, all]) => all.map((one) => [one, who] as const)));
    const taken = ACTION_IDS.flatMap((id) =>
      (KEYMAP[id] as readonly KeyBinding[])
        // Those do nothing while text is being typed.
        .filter(({ inList, outsideText }) => !inList && !outsideText)
        .map(({ key, ctrl, alt, shift }) => {
          const name = key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key;
          return [...(ctrl ? ['Ctrl'] : []), ...(alt ? ['Alt'] : []), ...(shift ? ['Shift'] : []), name].join('+');
        }),
    );
    expect(taken.length).toBeGreaterThan(50);
    expect(taken.filter((one) => others.has(one)).map((one) => `${one}: ${others.get(one)}`)).toEqual([]);
  });
});
