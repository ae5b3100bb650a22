import type { Place } from '#shared/domain/ticket.ts';
import { type BuiltInSlot, type CompiledMatter, type Composer, SLOT } from './composer.ts';
import type { PlaceKind } from './matters.ts';
import { inventBrand, type Names } from './names.ts';
import type { DemoPerson } from './people.ts';
import type { DemoCity, Street } from './places.ts';
import type { Rng } from './rng.ts';
import { renderTemplate, type SlotValue, type SlotValues } from './template.ts';

/** A matter at its place: what a follow-up call and the other callers of a cluster share. */
export interface Situation {
  readonly entry: CompiledMatter;
  readonly street: Street;
  readonly place: Place;
  /** 涉事主体 */
  readonly subject: string;
  readonly values: SlotValues;
  /** Which of several variants of the matter it is, see `<a|b>` and `paired`. */
  readonly caseNo: number;
}

/** Divides by every number of variants up to six. */
const CASES = 60;

interface Spot {
  readonly address: string;
  readonly at: SlotValue;
  readonly subject?: string;
  readonly landmark?: keyof Composer['landmarks'];
  readonly slots?: Partial<Record<BuiltInSlot, string>>;
}

export interface SituationMaker {
  make(rng: Rng, entry: CompiledMatter, person: DemoPerson | null): Situation;
}

const CORNERS = ['东北侧', '西南侧', '东侧', '南侧', '北侧', '西侧'];
const VILLAGE_GROUPS = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];

/** Places matters near the people they happen to. */
export function createSituationMaker(city: DemoCity, names: Names, composer: Composer): SituationMaker {
  /** People mostly call about the street they live in. */
  const pickStreet = (rng: Rng, kind: PlaceKind, person: DemoPerson | null): Street => {
    const home = person?.home.street;
    if (kind === 'village') return home?.villages.length ? home : city.drawRuralStreet(rng);
    const nearHome = kind === 'home' ? 1 : kind === 'estate' ? 0.85 : 0.5;
    return home && rng.chance(nearHome) ? home : city.drawStreet(rng);
  };

  const make: SituationMaker['make'] = (rng, entry, person) => {
    const kind = entry.matter.place;
    const street = pickStreet(rng, kind, person);
    const [road, road2] = pickTwo(rng, street.roads);
    const spot = makeSpot(rng, entry, person, street, road, road2, names);
    const values: SlotValues = new Array(entry.slotCount).fill(undefined);
    const set = (slot: BuiltInSlot, formal: string, spoken = formal) => {
      values[SLOT[slot]] = { formal, spoken };
    };
    set('dist', street.district.name);
    set('street', street.name);
    set('road', road);
    set('road2', road2);
    set('at', spot.at.formal, spot.at.spoken);
    for (const [slot, value] of Object.entries(spot.slots ?? {})) set(slot as BuiltInSlot, value);
    for (const [slot, choices] of composer.shared) values[slot] = rng.pick(choices);
    for (const [slot, choices] of entry.drawn) values[slot] = rng.pick(choices);
    const corner = rng.pick(CORNERS);
    set('dir2', corner, corner.replace('侧', ''));
    set('m', String(rng.between(2, 30) * 10));
    const landmark =
      spot.landmark && rng.chance(0.5)
        ? renderTemplate(rng.pick(composer.landmarks[spot.landmark]), values, 0, rng)
        : '';
    return {
      entry,
      street,
      place: { divisionCode: divisionOf(rng, kind, street), address: spot.address, landmark, coordinates: null },
      subject: spot.subject ?? '',
      values,
      caseNo: rng.int(CASES),
    };
  };
  return { make };
}

function divisionOf(rng: Rng, kind: PlaceKind, street: Street): string | null {
  if (kind === 'none') return null;
  if (kind === 'home') return rng.chance(0.6) ? street.district.code : null;
  return rng.chance(0.93) ? street.code : street.district.code;
}

function makeSpot(
  rng: Rng,
  entry: CompiledMatter,
  person: DemoPerson | null,
  street: Street,
  road: string,
  road2: string,
  names: Names,
): Spot {
  const prefix = `${street.district.name}${street.name}`;
  const houseNo = rng.between(1, 299);
  /** A place with a name of its own that stands on a road. */
  const named = (slot: BuiltInSlot, name: string, spoken = `${road}上那个${name}`, sign = name): Spot => ({
    address: `${prefix}${road}${houseNo}号${sign}`,
    at: { formal: `${road}${houseNo}号${sign}`, spoken },
    subject: name,
    landmark: 'road',
    slots: { [slot]: name },
  });
  switch (entry.matter.place) {
    case 'road':
    case 'crossing': {
      const crossing = entry.matter.place === 'crossing' || rng.chance(0.35);
      const formal = crossing ? `${road}与${road2}交叉口` : `${road}${houseNo}号附近`;
      const spoken = crossing
        ? `${road}跟${road2}那个路口`
        : `${road}${houseNo}号${rng.pick(['门口', '这边', '旁边'])}`;
      return { address: `${prefix}${formal}`, at: { formal, spoken }, landmark: 'road' };
    }
    case 'estate': {
      const own = person && person.home.street === street && rng.chance(0.9) ? person.home : null;
      const estate = own?.estate ?? rng.pick(street.estates);
      const building = own?.building ?? rng.between(1, 28);
      const flat = rng.chance(0.6)
        ? `${own?.unit ?? rng.between(1, 4)}单元${own?.room ?? rng.between(1, 6) * 100 + rng.between(1, 4)}室`
        : '';
      return {
        address: `${prefix}${estate}${building}幢${flat}`,
        at: { formal: `${estate}${building}幢`, spoken: `${estate}${building}栋` },
        landmark: 'estate',
        slots: { estate },
      };
    }
    case 'venue': {
      const kind = rng.pick(entry.matter.venues);
      if (kind.startsWith('=')) return named('shop', `${street.district.name}${kind.slice(1)}`);
      if (kind.startsWith('+')) {
        const sign = kind.slice(1);
        return named('shop', `${road}${sign}`, `${road}那个${sign}`, sign);
      }
      return named('shop', inventBrand(names, rng) + kind, `${road}上那家${kind}`);
    }
    case 'village': {
      const village = rng.pick(street.villages);
      const formal = `${street.name}${village}${rng.pick(VILLAGE_GROUPS)}组`;
      const address = `${street.district.name}${formal}`;
      return { address, at: { formal, spoken: formal }, landmark: 'village', slots: { village } };
    }
    case 'site': {
      const formal = `${road}与${road2}交叉口${rng.pick(CORNERS)}工地`;
      const spoken = rng.pick([`${road}边上那个工地`, `${road}跟${road2}路口那个工地`, '我家对面工地']);
      return { address: `${prefix}${formal}`, at: { formal, spoken }, landmark: 'road' };
    }
    case 'factory':
      return named('factory', inventBrand(names, rng) + rng.pick(names.factories));
    case 'school':
      return named('school', inventBrand(names, rng) + rng.pick(names.schools));
    case 'hospital':
      return named('hospital', inventBrand(names, rng) + rng.pick(names.hospitals));
    case 'park': {
      const name = rng.pick(street.estates).slice(0, 2) + rng.pick(names.parks);
      return { address: `${prefix}${road}${name}`, at: { formal: name, spoken: name }, landmark: 'road' };
    }
    case 'station': {
      const station = rng.pick(street.district.stations);
      const formal = `地铁${station}站`;
      return { address: `${street.district.name}${formal}`, at: { formal, spoken: formal }, slots: { station } };
    }
    case 'underpass': {
      const pass = rng.pick(street.district.underpasses);
      return { address: `${street.district.name}${pass}`, at: { formal: pass, spoken: pass }, slots: { pass } };
    }
    case 'river': {
      const river = rng.pick(street.district.rivers);
      const formal = `${river}${road}段`;
      return { address: `${prefix}${formal}`, at: { formal, spoken: `${river}${road}那一段` }, slots: { river } };
    }
    case 'home':
    case 'none':
      return { address: '', at: { formal: street.district.name, spoken: street.district.name } };
  }
}

function pickTwo(rng: Rng, roads: readonly string[]): readonly [string, string] {
  const first = rng.int(roads.length);
  const second = (first + 1 + rng.int(roads.length - 1)) % roads.length;
  return [roads[first] ?? '', roads[second] ?? ''];
}
