import type { CategoryEntry } from '../category.ts';
import type { WorkCalendar } from '../clock/work-calendar.ts';
import type { Urgency } from '../ticket.ts';
import { nameUnit, STREET_OFFICE } from '../unit-name.ts';
import type { DispatchReason, RuleBasis } from './dispatch-reason.ts';
import type { DispatchRules } from './dispatch-rules.ts';
import { hoursOf, opensAt } from './opening-hours.ts';

/** A unit the rule would send a ticket to. */
export interface RankedUnit {
  readonly unit: string;
  readonly basis: RuleBasis;
  readonly reasons: readonly DispatchReason[];
  /** When somebody is there next, epoch ms; null while it is open. */
  readonly opensAt: number | null;
  /** Open tickets it has as far as is known; null when nobody looked. */
  readonly load: number | null;
}

/** What the rule reads of a ticket. */
export interface DispatchFacts {
  readonly category: Pick<CategoryEntry, 'unit' | 'unitBy'>;
  /** Names from the city down, as far as they are known. */
  readonly place: readonly string[];
  readonly urgency: Urgency;
  /** Units whose 退单 was approved. */
  readonly returnedBy: readonly string[];
}

interface Candidate {
  readonly kind: string;
  readonly unit: string;
  readonly basis: RuleBasis;
}

/**
 * 派单 by rule: the default unit of the category at the place or, where that is left to the place (属地), its street or town, and who can do the same.
 * Who returned the ticket comes last. What is urgent goes to who is there now: while nobody of them is, to the unit on duty. Among those that can do the
 * same one with far less in hand goes before one that is busy. Pure: it is handed the time, the calendar and what is known of the loads.
 * @param at epoch ms
 * @param loads open tickets by unit; null when nobody looked
 * @returns the best first; none when nobody can tell: the owner of the thing decides, or the place is not known closely enough
 */
export function rankUnits(
  { category, place, urgency, returnedBy }: DispatchFacts,
  at: number,
  loads: ReadonlyMap<string, number> | null,
  rules: DispatchRules,
  calendar: WorkCalendar,
): readonly RankedUnit[] {
  const able = candidatesOf(category, place, rules);
  const isUrgent = rules.duty.urgencies.includes(urgency);
  const opening = (kind: string) => opensAt(hoursOf(kind, rules), at, calendar);
  const isAnyoneThere = able.some(({ kind, unit }) => opening(kind) === at && !returnedBy.includes(unit));
  const all = isUrgent && !isAnyoneThere ? [...able, ...onDuty(able[0]?.kind, place, rules)] : able;
  const loadOf = (unit: string) => (loads ? (loads.get(unit) ?? 0) : null);
  const isBusy = (unit: string, than: string) => isFarBusier(loadOf(unit), loadOf(than), rules);
  const ranked = all.map(({ kind, unit, basis }) => {
    const next = basis === 'duty' ? at : opening(kind);
    const others = all.filter((other) => other.unit !== unit && other.basis !== 'duty' && basis !== 'duty');
    const load = others.some((other) => isBusy(unit, other.unit))
      ? 'busy'
      : others.some((other) => isBusy(other.unit, unit))
        ? 'less_busy'
        : null;
    const isOpen = next === at;
    const hasReturned = returnedBy.includes(unit);
    const reasons: DispatchReason[] = [basis];
    if (!isOpen) reasons.push('closed');
    else if (isUrgent) reasons.push('open');
    if (load) reasons.push(load);
    if (hasReturned) reasons.push('returned');
    const rank = [hasReturned, isUrgent && !isOpen, load === 'busy'].reduce((sum, worse) => sum * 2 + Number(worse), 0);
    return { unit, basis, reasons, opensAt: isOpen ? null : next, load: loadOf(unit), rank };
  });
  // Sorting is stable: among equals the order of the rule stays.
  return ranked.sort((a, b) => a.rank - b.rank).map(({ rank: _rank, ...unit }) => unit);
}

/** Those that can take it, the one of the rule first. */
function candidatesOf(
  { unit: kind, unitBy }: DispatchFacts['category'],
  place: readonly string[],
  { shared }: DispatchRules,
): readonly Candidate[] {
  if (kind === null && unitBy !== 'place') return [];
  const first = kind ?? STREET_OFFICE;
  const others = shared
    .filter((kinds) => kinds.includes(first))
    .flatMap((kinds) => kinds.filter((one) => one !== first));
  const all: readonly (readonly [string, RuleBasis])[] = [
    [first, kind === null ? 'place' : 'category'],
    ...[...new Set(kind === null ? [] : others)].map((one) => [one, 'shared'] as const),
  ];
  return all.flatMap(([one, basis]) =>
    isPlaced(one, place) ? [{ kind: one, unit: nameUnit(one, place), basis }] : [],
  );
}

/** A district's unit without the district is nobody, and neither is a street's without the street. */
function isPlaced(kind: string, [city, district, street]: readonly string[]): boolean {
  if (kind === STREET_OFFICE) return street !== undefined;
  return city !== undefined && (!kind.startsWith('区') || district !== undefined);
}

function onDuty(kind: string | undefined, place: readonly string[], { duty }: DispatchRules): readonly Candidate[] {
  if (kind === undefined) return [];
  const found = duty.units.find((one) => one.for === kind) ?? duty.units.find((one) => kind.startsWith(one.for));
  return found && isPlaced(found.unit, place)
    ? [{ kind: found.unit, unit: nameUnit(found.unit, place), basis: 'duty' }]
    : [];
}

function isFarBusier(load: number | null, than: number | null, { load: rule }: DispatchRules): boolean {
  return load !== null && than !== null && load >= rule.from && than * 100 <= load * rule.percent;
}
