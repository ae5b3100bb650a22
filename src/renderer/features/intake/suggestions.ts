import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { useSettled } from '#renderer/ui/settled.ts';
import type { Suggestions } from '#shared/contract/suggest.contract.ts';
import type { IntakeContent } from '#shared/domain/intake.ts';

/** Pause in the typing after which a category is suggested, in ms. */
const PAUSE_MS = 250;
/** Fewer characters say nothing about the matter. */
const FEWEST_CHARACTERS = 4;
/** What the data process looks at of each text. */
const MOST_CHARACTERS = 2_000;

const NONE: Suggestions = { basis: 'learning', suggestions: [], unit: null };

type Written = Pick<IntakeContent, 'title' | 'content' | 'originalWords' | 'categoryCode' | 'place'>;

/**
 * Suggestions for what is written in a form, asked for in the pauses of typing; null as long as there is too little to ask about.
 * While a category is chosen only its unit is asked for.
 */
export function useSuggestions({ title, content, originalWords, categoryCode, place }: Written): Suggestions | null {
  const isChosen = categoryCode !== null;
  const typed = JSON.stringify([title, content, originalWords].map((text) => text.trim().slice(0, MOST_CHARACTERS)));
  const settled = useSettled(typed, PAUSE_MS);
  const written = JSON.parse(isChosen ? '["","",""]' : settled) as [string, string, string];
  const isEnough = isChosen || written.join('').length >= FEWEST_CHARACTERS;
  const { data } = useLiveQuery(['suggestions'], async () => {
    const [first, second, third] = written;
    const asked = { divisionCode: place.divisionCode, categoryCode };
    const answer = isEnough
      ? await dataClient.suggest.category({ title: first, content: second, originalWords: third, ...asked })
      : NONE;
    return { ...answer, about: categoryCode };
  }, [isEnough, ...written, place.divisionCode, categoryCode]);
  // An answer about another choice is on its way out.
  return isEnough && data && data.about === categoryCode ? data : null;
}
