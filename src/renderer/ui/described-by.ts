import { useLayoutEffect } from 'react';

/**
 * Ties a control to the texts about it, by their ids (empty for none). The inputs of the component library drop a description they did not
 * render themselves; then nobody hears what is wrong.
 */
export function useDescribedBy(controlId: string, textIds: string): void {
  useLayoutEffect(() => {
    const control = document.getElementById(controlId);
    if (textIds === '') control?.removeAttribute('aria-describedby');
    else control?.setAttribute('aria-describedby', textIds);
  });
}
