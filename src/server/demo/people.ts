import { type CitizenFields, EMPTY_CITIZEN_FIELDS } from '#shared/domain/citizen.ts';
import { createSurnames, inventBrand, type Names } from './names.ts';
import type { DemoCity, Street } from './places.ts';
import { createRng, type Rng } from './rng.ts';

/** An invented person or firm of the demo centre. */
export interface DemoPerson {
  readonly fields: CitizenFields;
  /** How a ticket speaks of them: 市民王女士; firms: 某企业. */
  readonly form: string;
  readonly home: Home;
}

export interface Home {
  readonly street: Street;
  readonly estate: string;
  readonly building: number;
  readonly unit: number;
  readonly room: number;
}

/**
 * Numbers that cannot be anybody's: mobile prefixes that no operator has been given (as of 2025), and their block 0000.
 * 10 prefixes × 10,000 numbers.
 */
const UNASSIGNED_PREFIXES = ['142', '143', '154', '160', '161', '163', '164', '168', '169', '194'];
export const MOBILE_NUMBERS = UNASSIGNED_PREFIXES.length * 10_000;
/** From this index on numbers belong to callers without a record; below it to citizens. */
export const UNKNOWN_MOBILES = 30_000;
/** Coprime to the count above: consecutive people get numbers far apart, and never the same one. */
const MOBILE_STRIDE = 61_803;

/** @param index any non-negative integer below 100,000 */
export function demoMobile(index: number): string {
  const position = (index * MOBILE_STRIDE + 27_182) % MOBILE_NUMBERS;
  const prefix = UNASSIGNED_PREFIXES[Math.floor(position / 10_000)] ?? '154';
  return `${prefix}0000${String(position % 10_000).padStart(4, '0')}`;
}

/**
 * A landline that cannot exist: subscriber numbers in 025 do not begin with 1.
 * @param index below 50,000
 */
export function demoLandline(index: number): string {
  return `0251${5 + Math.floor(index / 10_000)}55${String((index * 7_919 + 1_234) % 10_000).padStart(4, '0')}`;
}

/**
 * The people of the centre in the order of their first ticket. They depend on the seed alone, so that a scenario can
 * count on them whenever the centre is made.
 * @param confidential tells who only ever calls a line that keeps its callers secret
 */
export function makePeople(
  seed: number,
  count: number,
  city: DemoCity,
  names: Names,
  confidential: (index: number) => boolean,
): readonly DemoPerson[] {
  const rng = createRng(seed, 1);
  const surnames = createSurnames(names);
  return Array.from({ length: count }, (_, index) => {
    const home = drawHome(rng, city);
    const secret = confidential(index);
    const firm = rng.chance(0.03);
    if (firm && !secret) return makeFirm(index, rng, names, home);
    const male = rng.chance(0.48);
    const surname = surnames.draw(rng);
    const title = male ? '先生' : '女士';
    const given = rng.pick(male ? names.maleGiven : names.femaleGiven);
    const phones = [demoMobile(index)];
    if (rng.chance(0.06)) phones.push(demoLandline(index));
    const remark = rng.chance(0.03) ? rng.pick(names.remarks) : '';
    // Some people only ever give their family name.
    const name = rng.chance(0.12) ? surname + title : surname + given;
    const gender = male ? ('male' as const) : ('female' as const);
    const fields = {
      ...EMPTY_CITIZEN_FIELDS,
      name,
      gender,
      kind: 'person' as const,
      phones,
      confidential: secret,
      remark,
    };
    return { fields, form: `市民${surname}${title}`, home };
  });
}

function makeFirm(index: number, rng: Rng, names: Names, home: Home): DemoPerson {
  return {
    fields: {
      ...EMPTY_CITIZEN_FIELDS,
      name: `南京${inventBrand(names, rng)}${rng.pick(names.companies)}`,
      gender: 'unknown',
      kind: 'organisation',
      phones: [demoLandline(index), demoMobile(index)],
      confidential: false,
      remark: '',
    },
    form: '某企业',
    home,
  };
}

function drawHome(rng: Rng, city: DemoCity): Home {
  const street = city.drawStreet(rng);
  const floor = rng.between(1, rng.chance(0.4) ? 24 : 6);
  return {
    street,
    estate: rng.pick(street.estates),
    building: rng.between(1, 28),
    unit: rng.between(1, 4),
    room: floor * 100 + rng.between(1, 4),
  };
}
