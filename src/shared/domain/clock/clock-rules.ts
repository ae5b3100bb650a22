import type { TicketType, Urgency } from '../ticket.ts';
import { type ClockPreset, type ClockPresetFile, presetsOfSet } from './clock-preset.ts';
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
  /** Id of the preset for a matter. */
  choosePreset(matter: Matter): string;
}

const CONSULT = 'consult-3wd';
const ORDINARY = 'ordinary-5wd';
const URGENT = 'urgent-2h';
const CRITICAL = 'life-15min';
/** Kinds of matter that become quicker when somebody marks the ticket as urgent. */
const GIVES_WAY_TO = {
  urgent: [CONSULT, ORDINARY],
  critical: [CONSULT, ORDINARY, URGENT, 'utility-30min'],
} as const satisfies Record<string, readonly string[]>;

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
  const [first] = file.sets;
  const defaults = first && sets.get(first.id);
  const ordinary = defaults?.get(ORDINARY);
  const missing = [CONSULT, ORDINARY, URGENT, CRITICAL].filter((id) => !defaults?.has(id));
  if (!first || !ordinary || missing.length > 0) throw new Error(`Clock presets are missing: ${missing.join(', ')}`);
  return {
    calendar,
    defaultSet: first.id,
    setIds: [...sets.keys()],
    presetOf: (set, preset) => sets.get(set)?.get(preset) ?? defaults?.get(preset) ?? ordinary,
    choosePreset({ categoryCode, type, urgency }) {
      const usual = (categoryCode && categoryClock.get(categoryCode)) || (type === 'consult' ? CONSULT : ORDINARY);
      const isAmong = (ids: readonly string[]) => ids.includes(usual);
      if (urgency === 'critical' && isAmong(GIVES_WAY_TO.critical)) return CRITICAL;
      if (urgency === 'urgent' && isAmong(GIVES_WAY_TO.urgent)) return URGENT;
      return usual;
    },
  };
}
