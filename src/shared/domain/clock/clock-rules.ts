import type { TicketType, Urgency } from '../ticket.ts';
import {
  type ClockPreset,
  type ClockPresetFile,
  type ClockSpan,
  type ClockTerms,
  presetsOfSet,
  termsOfSet,
} from './clock-preset.ts';
import { UNIT_MS } from './clock-run.ts';
import type { WorkCalendar } from './work-calendar.ts';

/** What decides the limits of a ticket. */
export interface Matter {
  readonly categoryCode: string | null;
  readonly type: TicketType;
  readonly urgency: Urgency;
}

/** Calendar and limits that clocks are set by. */
export interface ClockRules {
  readonly calendar: WorkCalendar;
  /** The set of centres that chose none. */
  readonly defaultSet: string;
  readonly setIds: readonly string[];
  /** A preset as a set has it; of a set or preset this build does not know, that of the default set, or the ordinary one. */
  presetOf(set: string, preset: string): ClockPreset;
  /** Times that a set has for every kind of matter; of none, or one this build does not know, those of the default set. */
  termsOf(set: string | undefined): ClockTerms;
  /** Id of the preset for a matter. */
  choosePreset(matter: Matter): string;
}

/** The presets that the rules speak of by name. */
const NAMED = {
  consult: 'consult-3wd',
  ordinary: 'ordinary-5wd',
  urgent: 'urgent-2h',
  critical: 'life-15min',
} as const;

/** True when one leaves more time for dispatch or signing; what the centre handles itself has no such limits to be quickened. */
function isSlower(one: ClockPreset, other: ClockPreset): boolean {
  const longer = (a: ClockSpan | null, b: ClockSpan | null) =>
    a !== null && b !== null && a.value * UNIT_MS[a.unit] > b.value * UNIT_MS[b.unit];
  return longer(one.dispatch, other.dispatch) || longer(one.sign, other.sign);
}

/**
 * The rules of a preset file.
 * @param categoryClock preset id by category code
 * @throws when a preset the rules speak of is not in the file
 */
export function createClockRules(
  file: ClockPresetFile,
  calendar: WorkCalendar,
  categoryClock: ReadonlyMap<string, string>,
): ClockRules {
  const sets = new Map(file.sets.map((set) => [set.id, presetsOfSet(file, set)]));
  const terms = new Map(file.sets.map((set) => [set.id, termsOfSet(file, set)]));
  const [first] = file.sets;
  const usualTerms = first && terms.get(first.id);
  const defaults = first && sets.get(first.id);
  const named = (id: string) => defaults?.get(id);
  const [ordinary, urgent, critical] = [named(NAMED.ordinary), named(NAMED.urgent), named(NAMED.critical)];
  const missing = [...new Set([...Object.values(NAMED), ...categoryClock.values()])].filter((id) => !named(id));
  if (!first || !usualTerms || !ordinary || !urgent || !critical || missing.length > 0) {
    throw new Error(`Clock presets are missing: ${missing.join(', ')}`);
  }
  return {
    calendar,
    defaultSet: first.id,
    setIds: [...sets.keys()],
    presetOf: (set, preset) => sets.get(set)?.get(preset) ?? defaults?.get(preset) ?? ordinary,
    termsOf: (set) => (set === undefined ? undefined : terms.get(set)) ?? usualTerms,
    choosePreset({ categoryCode, type, urgency }) {
      const usual =
        (categoryCode && categoryClock.get(categoryCode)) || (type === 'consult' ? NAMED.consult : NAMED.ordinary);
      const quicker = urgency === 'critical' ? critical : urgency === 'urgent' ? urgent : null;
      if (quicker && isSlower(named(usual) ?? ordinary, quicker)) return quicker.id;
      return usual;
    },
  };
}
