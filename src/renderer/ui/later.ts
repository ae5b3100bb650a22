import { startTransition, useEffect, useState } from 'react';

/** Two frames, in ms: by then what was drawn first is on the screen. Not a frame callback: a hidden window has none. */
const LATER_MS = 32;

/**
 * A value that follows two frames later, for what may be drawn after the first picture.
 * @param first the value until then
 */
export function useLater<T>(value: T, first: T): T {
  const [shown, setShown] = useState(first);
  useEffect(() => {
    const timer = setTimeout(() => startTransition(() => setShown(value)), LATER_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return shown;
}
