import { z } from 'zod';
import repliesFile from '#resources/demo/unit-replies.json' with { type: 'json' };
import divisionsFile from '#resources/divisions.json' with { type: 'json' };
import type { UnitTicket } from '#shared/contract/units.contract.ts';
import { pairCodes } from '#shared/domain/character-pairs.ts';
import { divisionFileSchema, listDivisions } from '#shared/domain/division.ts';
import { TICKET_TYPES } from '#shared/domain/ticket.ts';
import { type CompiledMatter, createComposer, SLOT } from '../composer.ts';
import { loadMatters } from '../matters.ts';
import { loadPhrases } from '../phrases.ts';
import type { Rng } from '../rng.ts';
import { renderTemplate, type SlotValues, slotsOf } from '../template.ts';

const list = z.array(z.string().min(4)).min(1);
/** What units answer when no matter of the demo centre fits. */
export const unitRepliesSchema = z.strictObject({
  byType: z.record(z.enum(TICKET_TYPES), list),
  /** Added for a caller whose name and number the unit was not given. */
  withheld: z.string().min(4),
  /** What a 协办 answers to the 主办. */
  helping: list,
  /** Before the answer to a 重办. */
  again: z.string().min(4),
});

/** Writes what a unit says. */
export interface UnitReplies {
  reply(ticket: UnitTicket, rng: Rng): string;
  /** What a 协办 answers to the 主办. */
  helping(rng: Rng): string;
  /** Why it asks to return the ticket, or for more time. */
  returning(rng: Rng): string;
  extending(rng: Rng): string;
}

/** Variants of a text that are looked at; `<a|b>` has seldom more. */
const VARIANTS = 6;

/**
 * Replies by topic, out of the texts that the demo centre's own history is made of: of the matter's replies the one that has most in common with
 * the ticket.
 * @throws when a file of resources/demo does not fit its schema
 */
export function createUnitReplies(): UnitReplies {
  const texts = unitRepliesSchema.parse(repliesFile);
  const phrases = loadPhrases();
  const composer = createComposer(loadMatters(), phrases);
  const byCode = Map.groupBy(composer.matters, ({ matter }) => matter.code);
  const places = new Map(
    listDivisions(divisionFileSchema.parse(divisionsFile)).map(({ code, names }) => [code, names]),
  );

  const byTopic = (ticket: UnitTicket, rng: Rng): string | null => {
    if (ticket.caller === null) return null;
    const names = places.get(ticket.place.divisionCode ?? '') ?? [];
    const said = new Set(pairCodes(ticket.title + ticket.content));
    const matters = (byCode.get(ticket.category?.code ?? '') ?? []).filter((entry) => isAbout(entry, ticket));
    const replies = matters.flatMap((entry) => {
      const values = valuesOf(ticket, entry, names, composer.shared, rng);
      const usable = entry.replies.filter((reply) => [...slotsOf(reply)].every((slot) => values[slot]));
      return usable.flatMap((reply) =>
        Array.from({ length: VARIANTS }, (_, caseNo) => renderTemplate(reply, values, caseNo, rng)),
      );
    });
    const best = replies.map((text) => ({ text, score: likeness(text, said) })).sort((a, b) => b.score - a.score);
    return best[0]?.text ?? null;
  };
  return {
    reply: (ticket, rng) => {
      const topical = byTopic(ticket, rng);
      const text = topical ?? rng.pick(texts.byType[ticket.type]);
      const full = ticket.caller === null ? text + texts.withheld : text;
      return ticket.replies.length > 0 ? texts.again + full : full;
    },
    helping: (rng) => rng.pick(texts.helping),
    returning: (rng) => rng.pick(phrases.returns),
    extending: (rng) => rng.pick(phrases.extensions),
  };
}

/** Whether people call about the matter in that way: a question is not answered with a repair. */
function isAbout({ matter: { types, caseTypes } }: CompiledMatter, { type }: UnitTicket): boolean {
  return types ? type in types : (caseTypes?.includes(type) ?? true);
}

/** The share of a text's pairs of characters that were said. */
function likeness(text: string, said: ReadonlySet<number>): number {
  const codes = pairCodes(text);
  return codes.filter((code) => said.has(code)).length / Math.max(codes.length, 1);
}

/** What is known of a ticket for the slots of a text: its place, its subject, and of the drawn words those that it says itself. */
function valuesOf(
  { title, content, place, subject }: UnitTicket,
  entry: CompiledMatter,
  [, district, street]: readonly string[],
  shared: CompiledMatter['drawn'],
  rng: Rng,
): SlotValues {
  const values: SlotValues = new Array(entry.slotCount).fill(undefined);
  const set = (slot: keyof typeof SLOT, text: string | undefined) => {
    if (text) values[SLOT[slot]] = { formal: text, spoken: text };
  };
  const written = title + content;
  for (const [slot, choices] of [...shared, ...entry.drawn]) {
    values[slot] =
      choices.find(({ formal, spoken }) => written.includes(formal) || written.includes(spoken)) ?? rng.pick(choices);
  }
  const at = place.address.replace(district ?? '', '').replace(street ?? '', '');
  set('dist', district);
  set('street', street);
  set('at', at);
  set('road', /[\u4e00-\u9fff]{1,4}?(?:路|街|大道|巷)/.exec(at)?.[0]);
  set('estate', /[\u4e00-\u9fff]{2,8}?(?:苑|园|花园|小区|新村|公寓|家园|府|城|庭|里)/.exec(at)?.[0]);
  for (const slot of ['shop', 'school', 'hospital', 'factory'] as const) set(slot, subject);
  return values;
}
