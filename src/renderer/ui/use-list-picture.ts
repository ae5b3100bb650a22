import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { ListPicture } from './list-picture.ts';

/** Lines beyond the edges that are kept ready, so that the next step of a wheel or key finds them. */
const AROUND = 12;

interface ListPictureInput {
  /** What scrolls: a head that stays, and the lines below it. */
  readonly scrollerRef: RefObject<HTMLElement | null>;
  readonly rows: { readonly length: number; at(index: number): unknown };
  /** In px. */
  readonly rowHeight: number;
  readonly headHeight: number;
  readonly onRange: ((from: number, to: number) => void) | undefined;
}

interface DrawnPart {
  /** Offset of the picture from the first line, in px. */
  readonly top: number;
  /** Height of the pane the lines stand in, in px. */
  readonly height: number;
  /** The lines to draw. */
  readonly indexes: readonly number[];
  /** Scrolls as far as needed to see a line. */
  readonly bringIntoSight: (index: number) => void;
}

/** The part of a long list that is drawn, as {@link ListPicture} says; tells `onRange` which lines are wanted. */
export function useListPicture(input: ListPictureInput): DrawnPart {
  const { scrollerRef, rows, rowHeight, headHeight, onRange } = input;
  const [drawnTop, setDrawnTop] = useState(0);
  const [height, setHeight] = useState(0);
  const latest = useRef({ rows, height, onRange });
  const pictureRef = useRef<ListPicture | null>(null);

  useLayoutEffect(() => {
    latest.current = { rows, height, onRange };
  });

  useLayoutEffect(() => {
    const scroller = scrollerRef.current;
    if (!scroller) return;
    const measure = () => setHeight(Math.max(0, scroller.clientHeight - headHeight));
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(scroller);
    return () => watch.disconnect();
  }, [scrollerRef, headHeight]);

  useEffect(() => {
    const scroller = scrollerRef.current;
    if (!scroller) return;
    const picture = new ListPicture({
      isThere: (top) => {
        const { rows: now, height: pane } = latest.current;
        const [from, to] = linesIn(top, pane, rowHeight, now.length);
        for (let index = from; index < to; index++) if (now.at(index) === undefined) return false;
        return true;
      },
      // In the frame of the scrolling itself.
      draw: (top) => flushSync(() => setDrawnTop(top)),
      after: (delayMs, run) => {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    });
    pictureRef.current = picture;
    const onScroll = () => {
      const { rows: now, height: pane, onRange: tell } = latest.current;
      const [from, to] = linesIn(scroller.scrollTop, pane, rowHeight, now.length);
      tell?.(Math.max(0, from - AROUND), Math.min(now.length, to + AROUND));
      picture.want(scroller.scrollTop);
    };
    scroller.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      scroller.removeEventListener('scroll', onScroll);
      picture.stop();
    };
  }, [scrollerRef, rowHeight]);

  const { length } = rows;
  useEffect(() => {
    const [from, to] = linesIn(scrollerRef.current?.scrollTop ?? 0, height, rowHeight, length);
    onRange?.(Math.max(0, from - AROUND), Math.min(length, to + AROUND));
  }, [scrollerRef, height, rowHeight, length, onRange]);

  // Lines came.
  useEffect(() => {
    if (rows.length > 0) queueMicrotask(() => pictureRef.current?.settle());
  }, [rows]);

  // A list that became shorter is drawn to its end before its scrolling says so.
  const top = Math.max(0, Math.min(drawnTop, length * rowHeight - height));
  const [from, to] = linesIn(top, height, rowHeight, length);
  const first = Math.max(0, from - AROUND);
  return {
    top,
    height,
    indexes: Array.from({ length: Math.max(0, Math.min(length, to + AROUND) - first) }, (_, i) => first + i),
    bringIntoSight: (index) => {
      const scroller = scrollerRef.current;
      if (!scroller) return;
      const lowest = index * rowHeight;
      if (lowest < scroller.scrollTop) scroller.scrollTop = lowest;
      else if (lowest + rowHeight > scroller.scrollTop + height) scroller.scrollTop = lowest + rowHeight - height;
    },
  };
}

/** Places of the first line in sight and of the one after the last. */
function linesIn(top: number, height: number, rowHeight: number, length: number): readonly [number, number] {
  return [
    Math.min(length, Math.max(0, Math.floor(top / rowHeight))),
    Math.min(length, Math.max(0, Math.ceil((top + height) / rowHeight))),
  ];
}
