import type { AddressPart, ParsedAddress } from './address/address-part.ts';
import type { DivisionNames } from './address/division-names.ts';
import { parseAddress } from './address/parse-address.ts';
import { type PlaceKey, placeKeys } from './address/place-keys.ts';
import { countPairs, type PairWeight } from './character-pairs.ts';
import type { Matter } from './duplicate.ts';
import { normalizePhone } from './phone.ts';
import type { TicketFields } from './ticket.ts';

/** The fields by which matters are compared. */
export type MatterSource = Pick<
  TicketFields,
  'title' | 'content' | 'originalWords' | 'subject' | 'place' | 'categoryCode'
> & { readonly caller: Pick<TicketFields['caller'], 'phone' | 'anonymous'> };

/** Where it happened is told at the beginning; further on, places are part of the story. */
const PLACED_CONTENT = 120;
/** What is compared of a long text. */
const COMPARED_TEXT = 3_000;
const STOP: AddressPart = { kind: 'text', text: '。' };

function parseAll(source: MatterSource, names: DivisionNames | null, centre: string): readonly ParsedAddress[] {
  const parsed: ParsedAddress[] = [];
  for (const text of placedTexts(source)) if (text !== '') parsed.push(parseAddress(text, names, centre));
  return parsed;
}

function placesIn(parsed: readonly ParsedAddress[]): readonly PlaceKey[] {
  const parts: AddressPart[] = [];
  for (const each of parsed) parts.push(...each.parts, STOP);
  return placeKeys(parts);
}

/** The first district that one of the texts names. */
function areaIn(parsed: readonly ParsedAddress[]): string | null {
  for (const { parts, division } of parsed) {
    const found = division?.kind === 'found' ? districtOf(division.entry.code) : null;
    const area = found ?? parts.find((part) => part.kind === 'district')?.text;
    if (area !== undefined) return area;
  }
  return null;
}

/** The district of a code; a city alone is none. */
function districtOf(code: string): string | null {
  return code.endsWith('00') && code.length === 6 ? null : code.slice(0, 6);
}

/** Keys under which a ticket is found by the places it names: in its address first, then in title, landmark and first words. */
export function placesOf(source: MatterSource, names: DivisionNames | null, centre: string): readonly PlaceKey[] {
  return placesIn(parseAll(source, names, centre));
}

function placedTexts({ place, title, content }: MatterSource): readonly string[] {
  return [place.address, place.landmark, title, content.slice(0, PLACED_CONTENT)];
}

/**
 * What is compared of a ticket or a form.
 * @param at when it was told, epoch ms
 * @param weight how telling pairs of characters are among the tickets of the centre
 */
export function toMatter(
  source: MatterSource,
  at: number,
  names: DivisionNames | null,
  centre: string,
  weight: PairWeight,
): Matter {
  const parsed = parseAll(source, names, centre);
  const { title, content, originalWords, subject, place } = source;
  const text = [content, originalWords, subject, place.address, place.landmark].join('\n');
  return {
    // Nobody is led from a number to what its owner said without giving a name.
    phone: source.caller.anonymous ? '' : normalizePhone(source.caller.phone),
    places: placesIn(parsed),
    area: (place.divisionCode === null ? null : districtOf(place.divisionCode)) ?? areaIn(parsed),
    pairs: countPairs(title, text.slice(0, COMPARED_TEXT), weight),
    categoryCode: source.categoryCode,
    at,
  };
}
