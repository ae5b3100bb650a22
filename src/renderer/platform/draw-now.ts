import { flushSync } from 'react-dom';

/**
 * Makes a change and draws it before it returns, so that the next key already finds what it brought. Keys pressed between a change and its drawing
 * would go where the focus was before. For handlers of keys and clicks only.
 */
export function drawNow(change: () => void): void {
  flushSync(change);
}
