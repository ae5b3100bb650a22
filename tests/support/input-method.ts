import type { CDPSession } from '@playwright/test';

/** Pinyin typed into an input method, up to the last key before a candidate is chosen. */
export async function compose(cdp: CDPSession, text: string): Promise<void> {
  await cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
}

/** A key as Chromium reports it while an input method has it: keyCode 229. @param modifiers as the protocol counts them, 2 is Ctrl */
export async function pressInIme(cdp: CDPSession, key: string, code: string, modifiers = 0): Promise<void> {
  const event = { key: 'Process', code, windowsVirtualKeyCode: 229, modifiers };
  await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...event });
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code, modifiers });
}

/** Enter while a composition is open: keydown with key "Enter" and keyCode 229, as some input methods report it. */
export async function pressEnterInIme(cdp: CDPSession): Promise<void> {
  const event = { type: 'keyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 } as const;
  await cdp.send('Input.dispatchKeyEvent', event);
}
