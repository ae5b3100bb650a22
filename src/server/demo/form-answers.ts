import { contextOf } from '#shared/domain/form/form-context.ts';
import { checkForm, initialData, rigourOf } from '#shared/domain/form/form-submit.ts';
import type { FormValue } from '#shared/domain/form/form-value.ts';
import { latestForm } from '#shared/domain/form/shipped-forms.ts';
import type { TicketForm } from '#shared/domain/form/ticket-form.ts';
import type { TicketFields } from '#shared/domain/ticket.ts';
import { beijingDate } from '#shared/domain/ticket-number.ts';
import { DAY_MS, localTime } from './calendar.ts';
import type { AnswerPiece, FormRecipe, PieceCondition } from './form-pieces.ts';
import { createRng, type Rng } from './rng.ts';
import type { Situation } from './situation.ts';
import { renderTemplate } from './template.ts';

/** Chance of its own, so that the forms leave the rest of the centre as it is without them. */
const STREAM = 7;
/** How often an agent fills in the form: always on 12350, mostly when a unit needs it, seldom when the call ends at the seat. */
const SHARE_SENT = 0.85;
const SHARE_ANSWERED = 0.4;

/** What stays the same in every call about a matter. */
interface Facts {
  readonly seed: number;
  readonly firstAt: number;
}

export interface FormWriter {
  /**
   * The special form of a ticket as its agent left it; null when the matter has none or the agent did not fill it in.
   * @param createdAt when the ticket was made, epoch ms
   * @throws when the form refuses its answers, which is a fault of resources/demo/form-answers.json
   */
  write(situation: Situation, fields: TicketFields, createdAt: number): TicketForm | null;
}

/** Fills in special forms so that they say what their ticket says; the same seed and calls give the same forms. */
export function createFormWriter(seed: number, recipes: ReadonlyMap<string, FormRecipe>): FormWriter {
  const rng = createRng(seed, STREAM);
  const known = new WeakMap<Situation, Facts>();
  const factsOf = (situation: Situation, at: number): Facts => {
    const facts = known.get(situation) ?? { seed: rng.int(0x1_0000_0000), firstAt: at };
    known.set(situation, facts);
    return facts;
  };
  return {
    write: (situation, fields, createdAt) => {
      const { form: id, matter } = situation.entry;
      const recipe = id === null ? undefined : recipes.get(matter.code);
      if (id === null || !recipe || !isFilledIn(rng, fields)) return null;
      const said = `${fields.title}\n${fields.originalWords}\n${fields.content}`;
      const call: Call = { situation, fields, createdAt, said, facts: factsOf(situation, createdAt) };
      return recipe.unless && holds(recipe.unless, call) ? null : fillIn(id, recipe, call);
    },
  };
}

function isFilledIn(rng: Rng, { line, channel, answer }: TicketFields): boolean {
  if (line === '12350') return true;
  // Written messages come without a seat.
  return channel === 'phone' && rng.chance(answer === null ? SHARE_SENT : SHARE_ANSWERED);
}

interface Call {
  readonly situation: Situation;
  readonly fields: TicketFields;
  readonly createdAt: number;
  /** Everything the ticket says. */
  readonly said: string;
  readonly facts: Facts;
}

function fillIn(id: string, recipe: FormRecipe, call: Call): TicketForm | null {
  const { fields, createdAt, facts } = call;
  const form = latestForm(id);
  if (!form) return null;
  const context = contextOf(fields, fields.line, 'agent', createdAt);
  const data = initialData(form, context);
  recipe.fields.forEach(([field, pieces], index) => {
    const chosen = pieces.find(({ when }) => !when || holds(when, call));
    if (!chosen) return;
    // One chance for each field: what one call leaves out does not change what the next says.
    const rng = createRng(facts.seed, index);
    const value = rng.chance(chosen.share) ? makeValue(rng, chosen, call) : null;
    if (value !== null) data[field] = value;
  });
  const checked = checkForm(form, data, context, rigourOf(fields.answer === null ? 'submit' : 'direct_answer'));
  if (!checked.ok) throw new Error(`Form ${id} of ${fields.categoryCode}: ${JSON.stringify(checked.problems)}`);
  return { id, version: form.definition.version, data: checked.data };
}

function holds({ says, urgent, critical, named, hours }: PieceCondition, call: Call): boolean {
  const { urgency, caller } = call.fields;
  return (
    (says === undefined || says.some((word) => call.said.includes(word))) &&
    (urgent === undefined || urgent === (urgency !== 'normal')) &&
    (critical === undefined || critical === (urgency === 'critical')) &&
    (named === undefined || named === (!caller.anonymous && caller.name !== '')) &&
    (hours === undefined || isWithin(localTime(call.createdAt).hour, hours))
  );
}

function isWithin(hour: number, [from, to]: readonly [number, number]): boolean {
  return from <= to ? hour >= from && hour <= to : hour >= from || hour <= to;
}

function makeValue(rng: Rng, piece: AnswerPiece, { situation, said, facts }: Call): FormValue {
  if ('pick' in piece) return rng.pick(piece.pick);
  if ('between' in piece) {
    const [from, to] = piece.between;
    return from + rng.int(Math.floor((to - from) / piece.step) + 1) * piece.step;
  }
  if ('daysAgo' in piece) return beijingDate(facts.firstAt - rng.between(...piece.daysAgo) * DAY_MS);
  if ('mentioned' in piece) {
    const found = Object.entries(piece.mentioned).filter(([, words]) => words.some((word) => said.includes(word)));
    const chosen = [...new Set([...piece.always, ...found.map(([choice]) => choice)])];
    return chosen.length > 0 ? chosen : null;
  }
  if ('some' in piece) {
    const wanted = rng.between(1, Math.min(piece.most, piece.some.length));
    const first = rng.int(piece.some.length);
    const chosen = new Set(Array.from({ length: wanted }, (_, i) => (first + i) % piece.some.length));
    return piece.some.filter((_, i) => chosen.has(i));
  }
  if ('write' in piece) return renderTemplate(rng.pick(piece.write), situation.values, situation.caseNo, rng);
  if ('digits' in piece) return Array.from({ length: piece.digits }, () => rng.int(10)).join('');
  if ('number' in piece) return capture(piece.number, said, Number);
  return capture(piece.hour, said, (hour) => `${hour.padStart(2, '0')}:00`);
}

function capture<T>(pattern: RegExp, said: string, read: (found: string) => T): T | null {
  const found = pattern.exec(said)?.[1];
  return found === undefined ? null : read(found);
}
