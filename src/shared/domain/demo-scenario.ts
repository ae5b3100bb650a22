import { z } from 'zod';
import { intakeOutcomeSchema } from './intake.ts';
import { lineSchema } from './roles.ts';
import { markerSchema, placeSchema, ticketTypeSchema, urgencySchema } from './ticket.ts';

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);
const text = z.string().min(1);

/** Somebody who may call in the demo and in training (resources/demo/callers.json). Nobody of them exists. */
export const demoCallerSchema = z.strictObject({
  id,
  /** Number as the network delivers it; empty when withheld. Numbers that nobody can have. */
  ani: z.string().regex(/^\d{0,12}$/),
  /** Name delivered with the call, may be empty. */
  name: z.string().max(60),
  line: lineSchema,
  /** True when the demo centre has this person's record and past calls. */
  known: z.boolean(),
  /** What a trainer should know of the person. */
  note: z.string(),
});
export type DemoCallerRecord = z.infer<typeof demoCallerSchema>;
export const demoCallerFileSchema = z.strictObject({ callers: z.array(demoCallerSchema).min(1) });

/** One call as it may go: what the citizen says, and how a good ticket of it looks. */
export const demoScenarioSchema = z.strictObject({
  id,
  /** Id in callers.json. */
  caller: id,
  /** What the scenario shows, for the list it is chosen from. */
  topic: text,
  /** First words of the citizen, 原话. */
  opening: text,
  /** What the citizen says when asked, in the order of a usual call. */
  further: z.array(text).min(1),
  /** What the agent has to find out or do. */
  points: z.array(text).min(1),
  type: ticketTypeSchema,
  categoryCode: z.string().regex(/^\d{6}$/),
  place: placeSchema,
  /** 涉事主体, may be empty. */
  subject: z.string(),
  urgency: urgencySchema,
  markers: z.array(markerSchema),
  outcome: intakeOutcomeSchema,
  /** A model ticket; `answer` is null when the matter goes on to a unit. */
  model: z.strictObject({ title: text, content: text, answer: text.nullable() }),
});
export const demoScenarioFileSchema = z.strictObject({ scenarios: z.array(demoScenarioSchema).min(1) });
