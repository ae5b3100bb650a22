import { placesOf } from '#shared/domain/matter.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { findCitizenByRowId } from '../repositories/citizen.repository.ts';
import { citizenText } from '../repositories/citizen-text.ts';
import { DIVISION_NAMES, divisionPath } from '../repositories/division-names.ts';
import { findTicketById } from '../repositories/ticket.repository.ts';
import { ownNames, searchableText } from '../repositories/ticket-text.ts';
import { facetsOf, type TicketFacets } from './facet-dictionary.ts';
import { indexRow } from './index-order.ts';
import { placeToken } from './place-tokens.ts';
import { readingTokens } from './reading-match.ts';
import { tokenText } from './search-tokens.ts';

/** Tokens with a space between two; as UTF-8, where they come from another thread. */
export type Tokens = string | Uint8Array;

/** What the index stores of a ticket. */
export interface PreparedTicket<T = Tokens> {
  readonly facets: TicketFacets;
  /** Null when the text is the one that is indexed. */
  readonly tokens: T | null;
}

/** What the index stores of a person. */
export interface PreparedCitizen<T = Tokens> {
  /** In the full-text index. */
  readonly row: number;
  /** Null: nothing any more. */
  readonly tokens: T | null;
}

/** A ticket that waits for the index; null for one that is gone or has no number. */
export function prepareTicket(
  cache: ReadableDb,
  { id, hasNewText }: { readonly id: number; readonly hasNewText: boolean },
): PreparedTicket<string> | null {
  const ticket = findTicketById(cache, id)?.parse().ticket;
  if (!ticket || ticket.number === null) return null;
  const facets = facetsOf(ticket, ticket.number);
  if (!hasNewText) return { facets, tokens: null };
  const places = placesOf(ticket.fields, DIVISION_NAMES, ticket.centre).map(placeToken);
  const division = divisionTokens(divisionPath(ticket.fields.place.divisionCode));
  return { facets, tokens: tokenText(searchableText(ticket), ownNames(ticket), [...division, ...places]) };
}

/** A person who waits for the index. */
export function prepareCitizen(cache: ReadableDb, id: number): PreparedCitizen<string> {
  const citizen = findCitizenByRowId(cache, id)?.citizen;
  return {
    row: indexRow(id),
    tokens: citizen ? tokenText(citizenText(citizen.fields), [citizen.fields.name]) : null,
  };
}

const tokensOfDivisions = new Map<string, readonly string[]>();

/** How a division's names are read: remembered, because there are some 1,600 and each has thousands of tickets. */
function divisionTokens(path: string): readonly string[] {
  const known = tokensOfDivisions.get(path);
  if (known) return known;
  const tokens = readingTokens([path]);
  tokensOfDivisions.set(path, tokens);
  return tokens;
}
