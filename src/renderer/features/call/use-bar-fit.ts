import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/**
 * What a card of the call bar gives up when it is short of room, in this order: the line's name; key caps; notes that are said elsewhere
 * too; words of buttons, the rarer ones first; how far a third party is. What is given up stays for screen readers and on hover.
 */
const GIVES = ['line', 'keys', 'notes', 'bare', 'words', 'all-keys', 'more-words', 'phase', 'all-words'] as const;

/** A name of more than this is cut before the buttons lose their words, in px: 欧阳修远 and “Name unknown” are shorter. */
const NAME_PX = 112;

/** Parts of the identity of a caller, in a card: `data-keep`. */
const part = (card: HTMLElement, name: 'who' | 'name') => card.querySelector<HTMLElement>(`[data-keep="${name}"]`);

/** Whether everything that says who is on the line can be read. */
function isReadable(card: HTMLElement, gives: number): boolean {
  const who = part(card, 'who');
  const last = who && [...who.children].findLast((child) => child.getBoundingClientRect().width > 0);
  if (!last) return true;
  const room = who.getBoundingClientRect().right - last.getBoundingClientRect().right;
  // With room left over nothing was shortened; fractions of a pixel already cost a name its last character.
  if (room >= 0.5) return true;
  const name = part(card, 'name');
  return gives > 0 && name !== null && name.getBoundingClientRect().width >= NAME_PX && room > -0.5;
}

function makeRoom(card: HTMLElement): void {
  for (let gives = 0; gives <= GIVES.length; gives++) {
    card.dataset.gives = GIVES.slice(0, gives).join(' ');
    if (isReadable(card, gives)) return;
  }
}

/**
 * Fits a card of the call bar into its width: the parts marked `data-keep` stay readable, other words give way (`data-gives`). Measured, not
 * counted: stages have different buttons and languages words of different lengths.
 */
export function useBarFit(): RefObject<HTMLElement | null> {
  const ref = useRef<HTMLElement>(null);
  // After every render: another stage has other buttons, another language other words.
  useLayoutEffect(() => {
    if (ref.current) makeRoom(ref.current);
  });
  useEffect(() => {
    const card = ref.current;
    if (!card) return;
    let frame = 0;
    const observer = new ResizeObserver(() => {
      // In the next frame: a change inside of the observation would be an observation itself.
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => makeRoom(card));
    });
    observer.observe(card);
    // A timer that gets a digit more takes its room from here.
    const who = part(card, 'who');
    if (who) observer.observe(who);
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
    };
  }, []);
  return ref;
}
