import { foldText } from '../kernel/text.ts';
import type { Ticket } from './ticket.ts';

/** From so many tickets on within the days a caller counts as 重复来电. */
const REPEAT_FROM = 2;

/** Why a caller is a repeated one. */
interface Repeat {
  readonly days: number;
  /** Tickets within the days. */
  readonly count: number;
  /** The matter most of them are about, when at least two are. */
  readonly same: {
    readonly count: number;
    readonly categoryCode: string;
    readonly place: Pick<Ticket['fields']['place'], 'divisionCode' | 'address'> | null;
  } | null;
}

/** A place as two tickets about it have in common: the street and the address up to the house number. Empty when none is known. */
function placeKey({ divisionCode, address, landmark }: Ticket['fields']['place']): string {
  const written = foldText(address || landmark).replaceAll(/\s/g, '');
  if (written === '') return '';
  return `${divisionCode?.slice(0, 6) ?? ''} ${/^.*?\d+号/.exec(written)?.[0] ?? written}`;
}

/** The largest group of tickets with the same key, null when no two have one. */
function largestGroup(tickets: readonly Ticket[], keyOf: (ticket: Ticket) => string | null): readonly Ticket[] | null {
  const groups = new Map<string, Ticket[]>();
  for (const ticket of tickets) {
    const key = keyOf(ticket);
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(ticket);
    else groups.set(key, [ticket]);
  }
  const largest = [...groups.values()].sort((a, b) => b.length - a.length)[0];
  return largest && largest.length >= REPEAT_FROM ? largest : null;
}

/**
 * Whether somebody calls again and again, and about what.
 * @param recent the tickets within the days, newest first; the newest of them are enough
 * @param count all tickets within the days
 */
export function findRepeat(recent: readonly Ticket[], count: number, days: number): Repeat | null {
  if (count < REPEAT_FROM) return null;
  const here = largestGroup(recent, ({ fields }) => {
    const place = placeKey(fields.place);
    return fields.categoryCode === null || place === '' ? null : `${fields.categoryCode} ${place}`;
  });
  const anywhere = largestGroup(recent, ({ fields }) => fields.categoryCode);
  const group = here && here.length * 2 >= (anywhere?.length ?? 0) ? here : (anywhere ?? here);
  const [newest] = group ?? [];
  if (!group || !newest || newest.fields.categoryCode === null) return { days, count, same: null };
  const { divisionCode, address, landmark } = newest.fields.place;
  return {
    days,
    count,
    same: {
      count: group.length,
      categoryCode: newest.fields.categoryCode,
      place: group === here ? { divisionCode, address: address || landmark } : null,
    },
  };
}
