import type { PlaceKey, PlaceLevel } from './address/place-keys.ts';
import { type CharacterPairs, pairCodes } from './character-pairs.ts';
import { DAY_MS } from './clock/beijing-day.ts';

/** What is compared of a ticket, or of a call that is being written down. */
export interface Matter {
  /** Normalized, empty when unknown. */
  readonly phone: string;
  readonly places: readonly PlaceKey[];
  /** District, as a code or a name; null when none is told. */
  readonly area: string | null;
  /** Of everything that was told. */
  readonly pairs: CharacterPairs;
  readonly categoryCode: string | null;
  /** Epoch ms. */
  readonly at: number;
}

/** Why two matters may be the same, in the order of how much it says. */
export type LikenessReason =
  | { readonly kind: 'phone'; readonly days: number }
  | { readonly kind: 'place'; readonly level: PlaceLevel; readonly name: string }
  | { readonly kind: 'words'; readonly percent: number }
  | { readonly kind: 'category' }
  /** Speaks against it. */
  | { readonly kind: 'other-area' };

export interface Likeness {
  /** How likely both speak of the same matter at the same place, 0–1. */
  readonly probability: number;
  readonly reasons: readonly LikenessReason[];
}

/**
 * Weights of the evidence, added up as log odds. `base` is a pair about which nothing is known. Those of words, places and time
 * come from a logistic regression on the judged pairs of tests/bench/data/hot-pairs.json, rounded; place weights are raised
 * above it, because messages of that board seldom tell a 门牌, while an agent always asks for it, and another area counts for more,
 * because there it is read out of a text, while an agent chooses it. Those of phone and category are set by judgement: the judged
 * pairs have neither.
 */
export const LIKENESS_WEIGHTS = {
  base: -4.2,
  /** √cosine of everything told, of everything but the shared place, and of the titles without it. */
  words: 2,
  matter: 4,
  title: 2.5,
  place: { room: 2.2, house: 1.9, number: 1.6, crossing: 1.6, site: 0.8, road: 0.5 },
  /** The same place makes alike words say more. */
  matterAtPlace: 1.2,
  /** Both told where it is, and it is not the same. */
  otherPlace: -0.8,
  otherArea: -3.2,
  /** Told within days of each other. */
  recent: 1,
  /** The same caller, falling off over months. */
  phone: 1.8,
  category: { leaf: 0.8, group: 0.4 },
} as const;

/** After so many days the nearness in time, or the same caller, says a third of what it said at first. */
const RECENT_DAYS = 30;
const PHONE_DAYS = 120;
/** A title says as much again as the text. */
const TITLE_FACTOR = 2;
/** Words in common are worth a mention from here on. */
const FEWEST_PERCENT = 15;
/** Names shorter than this are contained in too many others. */
const SHORTEST_CONTAINED = 3;

const CLOSENESS: readonly PlaceLevel[] = ['room', 'house', 'number', 'crossing', 'site', 'road'];

interface SharedPlace {
  readonly level: PlaceLevel;
  readonly name: string;
}

/** The closest place both name, and the names by which they do. */
function sharePlace(a: Matter, b: Matter): { readonly closest: SharedPlace | null; readonly names: readonly string[] } {
  const keys = new Set(b.places.map(({ key }) => key));
  const shared: SharedPlace[] = a.places.filter(({ key }) => keys.has(key));
  if (!shared.some(({ level }) => level !== 'road')) shared.push(...containedSites(a, b));
  const closest = shared.reduce<SharedPlace | null>(
    (best, place) => (best && CLOSENESS.indexOf(best.level) <= CLOSENESS.indexOf(place.level) ? best : place),
    null,
  );
  return { closest, names: shared.map(({ name }) => name) };
}

/** 魅力之城 and 万科魅力之城: one name is part of the other. */
function containedSites(a: Matter, b: Matter): readonly SharedPlace[] {
  const sites = (matter: Matter) =>
    matter.places.filter(({ level, name }) => level === 'site' && name.length >= SHORTEST_CONTAINED);
  return sites(a).flatMap(({ name }) =>
    sites(b).flatMap(({ name: other }): SharedPlace[] => {
      const short = name.length <= other.length ? name : other;
      return name.includes(other) || other.includes(name) ? [{ level: 'site', name: short }] : [];
    }),
  );
}

interface WordLikeness {
  readonly whole: number;
  readonly matter: number;
  readonly title: number;
  /** Share of the words of the shorter text that the other has too. */
  readonly covered: number;
}

/** Walks along the pairs of both, each pair once. */
function compareWords(a: CharacterPairs, b: CharacterPairs, placeNames: readonly string[]): WordLikeness {
  const ofPlace = new Set(placeNames.flatMap((name) => pairCodes(name)));
  const whole = new Cosine();
  const matter = new Cosine();
  const title = new Cosine();
  let i = 0;
  let j = 0;
  while (i < a.codes.length || j < b.codes.length) {
    const left = a.codes[i] ?? Number.POSITIVE_INFINITY;
    const right = b.codes[j] ?? Number.POSITIVE_INFINITY;
    const code = Math.min(left, right);
    const inA = left === code;
    const inB = right === code;
    const weight = (inA ? a.weights[i] : b.weights[j]) ?? 0;
    const titleA = inA && a.inTitle[i] === 1;
    const titleB = inB && b.inTitle[j] === 1;
    const weightA = inA ? (titleA ? TITLE_FACTOR * weight : weight) : 0;
    const weightB = inB ? (titleB ? TITLE_FACTOR * weight : weight) : 0;
    whole.add(weightA, weightB);
    if (!ofPlace.has(code)) {
      matter.add(weightA, weightB);
      if (titleA || titleB) title.add(titleA ? weight : 0, titleB ? weight : 0);
    }
    if (inA) i += 1;
    if (inB) j += 1;
  }
  return { whole: whole.value, matter: matter.value, title: title.value, covered: whole.covered };
}

/** Cosine of two weighted sets, added up pair by pair. */
class Cosine {
  #product = 0;
  #left = 0;
  #right = 0;

  add(left: number, right: number): void {
    this.#product += left * right;
    this.#left += left * left;
    this.#right += right * right;
  }

  get value(): number {
    return this.#product === 0 ? 0 : this.#product / Math.sqrt(this.#left * this.#right);
  }

  /** Product by the smaller of both: 1 when the shorter text is wholly inside the longer one. */
  get covered(): number {
    return this.#product === 0 ? 0 : Math.min(1, this.#product / Math.min(this.#left, this.#right));
  }
}

function categoryWeight(a: string | null, b: string | null): number {
  if (a === null || b === null) return 0;
  if (a === b) return LIKENESS_WEIGHTS.category.leaf;
  return a.slice(0, 4) === b.slice(0, 4) ? LIKENESS_WEIGHTS.category.group : 0;
}

/**
 * How likely two matters are one, and why. Symmetric; the same input always gives the same answer. Both have to be weighted alike.
 */
export function compareMatters(a: Matter, b: Matter): Likeness {
  const { closest, names } = sharePlace(a, b);
  const words = compareWords(a.pairs, b.pairs, names);
  const days = Math.abs(a.at - b.at) / DAY_MS;
  const isSamePhone = a.phone !== '' && a.phone === b.phone;
  const isOtherArea = closest === null && a.area !== null && b.area !== null && a.area !== b.area;
  const isOtherPlace = closest === null && a.places.length > 0 && b.places.length > 0;
  const matter = Math.sqrt(words.matter);
  const w = LIKENESS_WEIGHTS;
  const odds =
    w.base +
    w.words * Math.sqrt(words.whole) +
    w.matter * matter +
    w.title * Math.sqrt(words.title) +
    (closest ? w.place[closest.level] : 0) +
    (closest && closest.level !== 'road' ? w.matterAtPlace * matter : 0) +
    (isOtherPlace ? w.otherPlace : 0) +
    (isOtherArea ? w.otherArea : 0) +
    w.recent * Math.exp(-days / RECENT_DAYS) +
    (isSamePhone ? w.phone * Math.exp(-days / PHONE_DAYS) : 0) +
    categoryWeight(a.categoryCode, b.categoryCode);
  const percent = Math.round(words.covered * 100);
  const reasons: LikenessReason[] = [
    ...(isSamePhone ? [{ kind: 'phone', days: Math.floor(days) } as const] : []),
    ...(closest ? [{ kind: 'place', level: closest.level, name: closest.name } as const] : []),
    ...(percent >= FEWEST_PERCENT ? [{ kind: 'words', percent } as const] : []),
    ...(a.categoryCode !== null && a.categoryCode === b.categoryCode ? [{ kind: 'category' } as const] : []),
    ...(isOtherArea ? [{ kind: 'other-area' } as const] : []),
  ];
  return { probability: 1 / (1 + Math.exp(-odds)), reasons };
}
