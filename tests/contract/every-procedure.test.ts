import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { dataContract } from '#shared/contract/data.contract.ts';
import { prepareConsoles, type TestConsole } from '#tests/support/data/console.ts';
import { ModelServer } from '#tests/support/data/model-server.ts';
import { codeOf } from '#tests/support/data/rpc-client.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { type JsonSchema, nearlyValid } from '#tests/support/nearly-valid.ts';

const tempFolder = prepareTempFolders();
const startConsole = prepareConsoles();
let seat: TestConsole;

beforeEach(async () => {
  const server = await new ModelServer().start();
  seat = startConsole({ folder: tempFolder(), serverUrl: server.url });
  await seat.client.session.signIn({ account: 'demo1001', password: 'Demo-12345' });
  return () => server.stop();
});

type Path = readonly (string | number)[];

/** A procedure that takes something, and something that it takes. */
interface Procedure {
  readonly name: string;
  readonly schema: z.ZodType;
  readonly samples: readonly unknown[];
}

/** Read out of the contract itself: a new procedure is part of these tests by itself. Signing in with wrong words locks: the session comes last. */
const PROCEDURES: readonly Procedure[] = Object.entries(dataContract)
  .flatMap(([noun, verbs]) =>
    Object.entries(verbs).flatMap(([verb, procedure]) => {
      const schema = procedure['~orpc'].inputSchema as z.ZodType | undefined;
      return schema ? [{ name: `${noun}.${verb}`, schema, samples: drawSamples(schema) }] : [];
    }),
  )
  .toSorted((a, b) => Number(a.name.startsWith('session.')) - Number(b.name.startsWith('session.')));

/** The same ones each time, so that what is found once is found again. */
function drawSamples(schema: z.ZodType): readonly unknown[] {
  const json = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as JsonSchema;
  const drawn = fc.sample(nearlyValid(json), { numRuns: 3_000, seed: 12_345 });
  const fitting = drawn.filter((value) => value !== undefined && schema.safeParse(value).success);
  return fitting.toSorted((a, b) => listPaths(b).length - listPaths(a).length).slice(0, 3);
}

function listPaths(value: unknown, at: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [at, ...entries.flatMap(([step, part]) => listPaths(part, [...at, step]))];
}

/** The input with another value at a path; `undefined` takes the member away. */
function withValue(input: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  const copy = structuredClone(input) as Record<string | number, unknown>;
  const inner = rest.length === 0 ? value : withValue(copy[step], rest, value);
  if (inner === undefined && !Array.isArray(copy)) delete copy[step];
  else copy[step] = inner;
  return copy;
}

const SPOILT: readonly unknown[] = [undefined, null, -1.5, 'x\u0000', '\ud83d', true, [], {}, { odd: 1 }, 2 ** 53];

/** Inputs that are wrong at one place alone: what the contract says of them names that place or one that holds it. */
function spoil({ schema, samples }: Procedure): readonly (readonly [place: string, input: unknown])[] {
  return samples.flatMap((sample) =>
    listPaths(sample).flatMap((path) =>
      SPOILT.flatMap((value) => {
        const input = withValue(sample, path, value);
        const { error } = schema.safeParse(input);
        const isThere = error?.issues.every(({ path: at }) =>
          at.every((step, i) => i >= path.length || step === path[i]),
        );
        return isThere ? [[path.join('.'), input] as const] : [];
      }),
    ),
  );
}

function callRaw(name: string, input: unknown): Promise<unknown> {
  const call = name.split('.').reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], seat.client);
  return (call as (input: unknown) => Promise<unknown>)(input);
}

test('of every procedure that takes something there is something that it takes, and ways to get it wrong', () => {
  expect(PROCEDURES.length).toBeGreaterThan(80);
  expect(PROCEDURES.filter(({ samples }) => samples.length === 0).map(({ name }) => name)).toEqual([]);
  expect(PROCEDURES.filter((one) => spoil(one).length < 3).map(({ name }) => name)).toEqual([]);
});

test('an input that is wrong at any one place is BAD_INPUT, without a word of what was sent', async () => {
  const taken: string[] = [];
  for (const procedure of PROCEDURES) {
    for (const [place, input] of spoil(procedure)) {
      const error = await callRaw(procedure.name, input).then(
        () => ({ code: 'none' }),
        (refusal: unknown) => refusal as { code?: string; defined?: boolean; data?: unknown; message?: string },
      );
      const isOurs = error.code === 'BAD_INPUT' && 'defined' in error && error.defined && error.data === undefined;
      if (!isOurs) taken.push(`${procedure.name} at ${place}: ${JSON.stringify(input)?.slice(0, 200)} → ${error.code}`);
    }
  }
  expect(taken).toEqual([]);
  expect(seat.reported).toEqual([]);
}, 120_000);

test('a proper input about nothing that exists is answered in words, never as bad and never as a fault', async () => {
  const odd: string[] = [];
  // Whether a text is a phone number, and a person has a name or one, only the record tells.
  for (const { name, samples } of PROCEDURES) {
    for (const sample of samples) {
      const code = await codeOf(callRaw(name, sample));
      if ((code === 'BAD_INPUT' && name !== 'citizens.save') || code === 'INTERNAL')
        odd.push(`${name} ${JSON.stringify(sample).slice(0, 300)} → ${code}`);
    }
  }
  expect(odd).toEqual([]);
  expect(seat.reported).toEqual([]);
}, 120_000);
