import { z } from 'zod';
import type { CategoryModel } from './category-model.ts';
import type { LinearModel } from './linear-model.ts';
import { FEATURE_COUNT } from './text-features.ts';
import type { UnitHistory } from './unit-history.ts';
import { toVocabulary } from './vocabulary.ts';

/** What is learnt from the history: categories and units. */
export interface Suggester {
  readonly categories: CategoryModel;
  readonly units: UnitHistory;
  /** Tickets the console held then, to tell when it is time to learn again. */
  readonly history: number;
  readonly learntAt: number;
}

/** Changes whenever features or layout change: a model of another format is learnt anew. */
const FORMAT = 1;

const count = z.number().int().nonnegative();
const headerSchema = z.strictObject({
  format: z.literal(FORMAT),
  roots: z
    .array(z.string().regex(/^\d{2}$/))
    .min(1)
    .max(99),
  rootSharpness: z.number().positive(),
  leaves: z.array(
    z.strictObject({
      codes: z
        .array(z.string().regex(/^\d{6}$/))
        .min(1)
        .max(2_000),
      features: count.max(FEATURE_COUNT),
    }),
  ),
  leafSharpness: z.number().positive(),
  learntFrom: z.strictObject({ tickets: count, unseen: count, first: count, amongThree: count }),
  units: z.array(z.tuple([z.string(), z.string(), z.number().gt(0).max(1), count])),
  history: count,
  learntAt: count,
});
type Header = z.infer<typeof headerSchema>;

const LENGTH_BYTES = 4;

/**
 * A model as bytes: length of the header, header (JSON), rarities, then scales, biases and weights of every line, roots first.
 * In pieces, because joining them would copy some 15 MB at once.
 */
export function encodeSuggester({ categories, units, history, learntAt }: Suggester): readonly Uint8Array[] {
  const { vocabulary, roots, rootModel, rootSharpness, leaves, leafSharpness, learntFrom } = categories;
  const header: Header = {
    format: FORMAT,
    roots: [...roots],
    rootSharpness,
    leaves: leaves.map(({ codes, model }) => ({ codes: [...codes], features: model?.features ?? 0 })),
    leafSharpness,
    learntFrom,
    units: [...units].map(([key, { name, share, tickets }]) => [key, name, share, tickets]),
    history,
    learntAt,
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, text.length);
  return [
    length,
    text,
    vocabulary.rarity,
    ...encodeLinear(rootModel),
    ...leaves.flatMap(({ model }) => (model ? encodeLinear(model) : [])),
  ];
}

function encodeLinear({ scales, biases, weights }: LinearModel): readonly Uint8Array[] {
  return [
    encodeFloats(scales),
    encodeFloats(biases),
    new Uint8Array(weights.buffer, weights.byteOffset, weights.length),
  ];
}

function encodeFloats(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) view.setFloat32(i * 4, value, true);
  return bytes;
}

/**
 * The inverse of {@link encodeSuggester}. Weights stay views of `bytes`.
 * @returns null for anything that is not a whole model of this format
 */
export function decodeSuggester(bytes: Uint8Array): Suggester | null {
  if (bytes.length < LENGTH_BYTES) return null;
  const end = LENGTH_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const header = end <= bytes.length ? parseHeader(bytes.subarray(LENGTH_BYTES, end)) : null;
  if (!header || header.leaves.length !== header.roots.length) return null;
  const reader = createByteReader(bytes, end);
  const vocabulary = toVocabulary(reader.bytes(FEATURE_COUNT));
  const rootModel = decodeLinear(reader, header.roots.length, vocabulary.size);
  const leaves = header.leaves.map(({ codes, features }) => ({
    codes,
    model: features === 0 ? null : decodeLinear(reader, codes.length, features),
  }));
  if (!reader.isWhole()) return null;
  // A leaf of another root, or several without a way to tell them apart, would give suggestions without sense.
  const isSound = leaves.every(
    ({ codes, model }, i) =>
      (model !== null || codes.length === 1) && codes.every((code) => code.startsWith(header.roots[i] ?? '-')),
  );
  if (!isSound) return null;
  const { roots, rootSharpness, leafSharpness, learntFrom, history, learntAt } = header;
  return {
    categories: { vocabulary, roots, rootModel, rootSharpness, leaves, leafSharpness, learntFrom },
    units: new Map(header.units.map(([key, name, share, tickets]) => [key, { name, share, tickets }])),
    history,
    learntAt,
  };
}

function parseHeader(bytes: Uint8Array): Header | null {
  try {
    const parsed = headerSchema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

interface ByteReader {
  /** The next bytes; an empty piece when there are not so many left. */
  bytes(length: number): Uint8Array;
  /** True when everything was there and nothing is left. */
  isWhole(): boolean;
}

function createByteReader(bytes: Uint8Array, start: number): ByteReader {
  let at = start;
  let missing = false;
  return {
    bytes: (length) => {
      const piece = bytes.subarray(at, at + length);
      if (piece.length < length) missing = true;
      at += length;
      return piece;
    },
    isWhole: () => !missing && at === bytes.length,
  };
}

function decodeLinear(reader: ByteReader, labels: number, features: number): LinearModel {
  const scales = decodeFloats(reader.bytes(labels * 4));
  const biases = decodeFloats(reader.bytes(labels * 4));
  const weights = reader.bytes(labels * features);
  return {
    labels,
    features,
    scales,
    biases,
    weights: new Int8Array(weights.buffer, weights.byteOffset, weights.length),
  };
}

function decodeFloats(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const values = new Float32Array(Math.floor(bytes.length / 4));
  for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(i * 4, true);
  return values;
}
