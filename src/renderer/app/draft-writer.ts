import { citeInDraft } from '../features/intake/cite-article.ts';
import { selectActive, useIntakeStore } from '../features/intake/intake.store.ts';
import type { WriteArticle } from '../features/knowledge/insert-article.ts';
import { TEST_IDS } from '../platform/test-ids.ts';
import { goTo } from './route.store.ts';

/** Writes words of articles into the form on the screen and brings it to the front, the cursor behind them; null without a form. */
export function useDraftWriter(): WriteArticle | null {
  const key = useIntakeStore((state) => selectActive(state)?.key ?? null);
  if (key === null) return null;
  return (target, text, citation) => {
    const result = citeInDraft(key, target, text, citation);
    goTo('workbench');
    focusEnd(target === 'answer' ? TEST_IDS.intakeAnswer : TEST_IDS.intakeContent);
    return result;
  };
}

/** After the text is drawn, and after the page that came to the front has looked for its own focus. */
function focusEnd(testId: string): void {
  setTimeout(() => {
    const field = document.querySelector(`[data-testid="${testId}"]`);
    if (!(field instanceof HTMLTextAreaElement)) return;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
    field.scrollTop = field.scrollHeight;
  }, 0);
}
