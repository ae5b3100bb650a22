import { useEffect } from 'react';
import { z } from 'zod';
import { showDraft } from '../features/intake/draft-tabs.ts';
import { selectActive, useIntakeStore } from '../features/intake/intake.store.ts';
import { PAGES, useRouteStore } from './route.store.ts';

/** How long a field may take to be drawn again after unlocking, in ms; later the person has found a place of their own. */
const RETURN_WITHIN_MS = 10_000;
const LOOK_AGAIN_MS = 50;

/** Where somebody was when their session was locked: ids alone, nothing that was written. */
const placeSchema = z.object({
  account: z.string(),
  page: z.enum(PAGES),
  /** The draft on the screen. */
  draft: z.string().nullable(),
  /** Test id of the control that had the focus, and where its cursor stood. */
  field: z.string().nullable(),
  cursor: z.number().int().nullable(),
});
type Place = z.infer<typeof placeSchema>;

/** The control of the work that had the focus last; the button that locks is none. */
let lastField: string | null = null;

function findField(testId: string | null): HTMLElement | null {
  return testId === null ? null : document.querySelector<HTMLElement>(`main [data-testid="${CSS.escape(testId)}"]`);
}

const isWritten = (element: Element | null): element is HTMLInputElement | HTMLTextAreaElement =>
  element instanceof HTMLTextAreaElement || (element instanceof HTMLInputElement && element.selectionStart !== null);

/** Keeps where the person is. The page may be loaded anew meanwhile: its history entry keeps it, in memory and on no disk. */
export function rememberPlace(account: string): void {
  const field = findField(lastField);
  const place: Place = {
    account,
    page: useRouteStore.getState().page,
    draft: selectActive(useIntakeStore.getState())?.id ?? null,
    field: lastField,
    cursor: isWritten(field) ? field.selectionStart : null,
  };
  window.history.replaceState(place, '');
}

/** Where the person was whose session was locked in this window; null when nobody was here. */
export function leftPlace(): Place | null {
  const place = placeSchema.safeParse(window.history.state);
  return place.success ? place.data : null;
}

/** Brings back draft and focus. False while they are not drawn yet. */
function comeBack({ draft, field, cursor }: Place): boolean {
  const { drafts, activeKey } = useIntakeStore.getState();
  const tab = draft === null ? undefined : drafts.find((one) => one.id === draft);
  if (draft !== null && !tab) return false;
  if (tab && tab.key !== activeKey) {
    showDraft(tab.key, false);
    return false;
  }
  const element = findField(field);
  if (!element) return false;
  element.focus();
  if (isWritten(element) && cursor !== null) element.setSelectionRange(cursor, cursor);
  return document.activeElement === element;
}

/** After unlocking the person finds page, draft and cursor where they were, unless a key or click was quicker. */
export function useLeftPlace(account: string): void {
  useEffect(() => {
    const note = (event: FocusEvent) => {
      const control = event.target instanceof HTMLElement && event.target.closest('main') ? event.target : null;
      if (control) lastField = control.dataset.testid ?? null;
    };
    document.addEventListener('focusin', note);
    return () => document.removeEventListener('focusin', note);
  }, []);
  useEffect(() => {
    const place = leftPlace();
    window.history.replaceState(null, '');
    if (place?.account !== account) return;
    useRouteStore.setState({ page: place.page });
    const look = setInterval(() => comeBack(place) && stop(), LOOK_AGAIN_MS);
    const giveUp = setTimeout(() => stop(), RETURN_WITHIN_MS);
    const stop = () => {
      clearInterval(look);
      clearTimeout(giveUp);
      for (const event of ['keydown', 'pointerdown']) window.removeEventListener(event, stop, true);
    };
    for (const event of ['keydown', 'pointerdown']) window.addEventListener(event, stop, true);
    return stop;
  }, [account]);
}
