import { z } from 'zod';
import city from '#resources/demo/matters-city.json' with { type: 'json' };
import educationHealth from '#resources/demo/matters-education-health.json' with { type: 'json' };
import environment from '#resources/demo/matters-environment.json' with { type: 'json' };
import housing from '#resources/demo/matters-housing.json' with { type: 'json' };
import market from '#resources/demo/matters-market.json' with { type: 'json' };
import people from '#resources/demo/matters-people.json' with { type: 'json' };
import safety from '#resources/demo/matters-safety.json' with { type: 'json' };
import services from '#resources/demo/matters-services.json' with { type: 'json' };
import traffic from '#resources/demo/matters-traffic.json' with { type: 'json' };
import water from '#resources/demo/matters-water.json' with { type: 'json' };
import work from '#resources/demo/matters-work.json' with { type: 'json' };
import { lineSchema } from '#shared/domain/roles.ts';
import { demandSchema, TICKET_TYPES } from '#shared/domain/ticket.ts';

/** Kinds of place a matter happens at. `home` = the caller's own district and no address, `none` = nowhere. */
export const PLACE_KINDS = [
  'road',
  'crossing',
  'estate',
  'venue',
  'village',
  'site',
  'factory',
  'school',
  'hospital',
  'station',
  'underpass',
  'river',
  'park',
  'home',
  'none',
] as const;
export type PlaceKind = (typeof PLACE_KINDS)[number];

/** How often a matter comes up in each month, January first, 1 = as often as in an ordinary month. */
export const MONTH_PROFILES = {
  all: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
  flood: [0.3, 0.4, 0.6, 0.8, 1, 2.4, 2.6, 2, 1, 0.6, 0.4, 0.3],
  summer: [0.4, 0.4, 0.6, 0.8, 1.2, 1.6, 2, 2, 1.4, 0.9, 0.6, 0.4],
  winter: [2, 1.7, 1, 0.6, 0.4, 0.4, 0.4, 0.4, 0.5, 0.8, 1.5, 2],
  winterdark: [1.4, 1.2, 1, 0.9, 0.8, 0.7, 0.7, 0.8, 0.9, 1.1, 1.3, 1.4],
  school: [0.5, 0.7, 1, 1.1, 1.4, 2, 1.8, 1.7, 1.2, 0.6, 0.5, 0.5],
  spring: [0.5, 0.8, 1.6, 2, 1.7, 1, 0.8, 0.8, 0.9, 0.9, 0.7, 0.5],
  autumn: [0.4, 0.4, 0.5, 0.5, 0.6, 0.8, 0.7, 0.8, 1.6, 2, 1.9, 1.4],
  newyear: [1.9, 1.6, 1.1, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.9, 1.1, 1.6],
  wages: [2.2, 1.4, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.9, 1.3, 2],
  tax: [0.6, 0.8, 2.2, 2, 1.8, 1.8, 0.6, 0.5, 0.5, 0.5, 0.5, 0.7],
  tour: [0.8, 0.9, 0.8, 1.1, 1.3, 1, 1.5, 1.5, 1, 1.6, 0.7, 0.7],
  shopping: [1.1, 0.7, 0.9, 0.9, 0.9, 1.4, 0.9, 0.8, 0.9, 1, 1.9, 1.5],
  dry: [1.1, 1, 1.2, 1.2, 1.1, 0.8, 0.8, 0.9, 1, 1.2, 1.2, 1.1],
} as const satisfies Record<string, readonly number[]>;
const MONTH_PROFILE_NAMES = Object.keys(MONTH_PROFILES) as [keyof typeof MONTH_PROFILES];

const texts = z.array(z.string().min(4));
const share = z.number().min(0).max(1);

/** One matter people call about, with the texts its tickets are composed from. */
export const matterSchema = z.strictObject({
  /** Leaf of the category tree. */
  code: z.string().regex(/^\d{6}$/),
  /** Relative frequency. */
  weight: z.number().positive(),
  /** Share that is answered on the spot. */
  direct: share,
  /** Types and their relative frequency, or `caseTypes`: the type of each case of a paired matter. */
  types: z.partialRecord(z.enum(TICKET_TYPES), z.number().positive()).optional(),
  caseTypes: z.array(z.enum(TICKET_TYPES)).min(2).optional(),
  /** The first title goes with the first words, content, answer and reply, the second with the second … */
  paired: z.boolean().default(false),
  place: z.enum(PLACE_KINDS),
  months: z.enum(MONTH_PROFILE_NAMES),
  hours: z.enum(['any', 'day', 'night']),
  urgent: share.default(0),
  critical: share.default(0),
  line: lineSchema.default('12345'),
  demands: z.array(demandSchema),
  tags: z.array(z.string()).default([]),
  /** The matter sometimes hits many people at one place within days. `mass` marks them 群体性. */
  cluster: z
    .strictObject({
      size: z.tuple([z.number().int().min(2), z.number().int()]),
      days: z.tuple([z.number(), z.number()]),
      weight: z.number().positive(),
      mass: z.boolean().default(false),
    })
    .optional(),
  /**
   * Kinds of business for place `venue`. They get an invented brand; with `+` before them the road's name, with `=`
   * the district's.
   */
  venues: z.array(z.string().min(2)).default([]),
  slots: z.record(z.string(), z.array(z.string()).min(2)).default({}),
  titles: texts.min(1),
  /** 原话 */
  words: texts.min(1),
  contents: texts.min(1),
  /** 直接答复 */
  answers: texts,
  /** Replies of the handling unit. */
  replies: texts,
});
export type Matter = z.infer<typeof matterSchema>;

const matterFileSchema = z.strictObject({ matters: z.array(matterSchema).min(1) });

const FILES = {
  city,
  'education-health': educationHealth,
  environment,
  housing,
  market,
  people,
  safety,
  services,
  traffic,
  water,
  work,
};

/**
 * All matters of resources/demo.
 * @throws with file and path when a file does not fit its schema
 */
export function loadMatters(): readonly Matter[] {
  return Object.entries(FILES).flatMap(([name, file]) => {
    const parsed = matterFileSchema.safeParse(file);
    if (!parsed.success) throw new Error(`resources/demo/matters-${name}.json: ${z.prettifyError(parsed.error)}`);
    return parsed.data.matters;
  });
}
