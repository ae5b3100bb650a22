import fc from 'fast-check';

/** As much of JSON Schema as the contracts make use of. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema | boolean;
  readonly prefixItems?: readonly JsonSchema[];
}

/** Anything that JSON can say, and what usually goes wrong: NUL, half a pair, huge, empty, not a whole number. */
export const weirdValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 6 }),
  fc.constantFrom('\u0000', '\ud800', '', 'a'.repeat(5_000), 2 ** 53, 2 ** 31, -1, 1.5, true, null, [], {}),
  fc.uuid(),
);

/**
 * Values of a schema in which now and then a member is missing, one too many, or anything at all.
 * @param sound of so many parts one is spoilt: of a large schema hardly a value is whole when it is few
 */
export function nearlyValid(
  schema: JsonSchema,
  resolve: (ref: string) => JsonSchema = (ref) => schema.$defs?.[ref.split('/').at(-1) ?? ''] ?? {},
  depth = 0,
  sound = 24,
): fc.Arbitrary<unknown> {
  const inner = (part: JsonSchema) => nearlyValid(part, resolve, depth + 1, sound);
  return fc.oneof(
    { arbitrary: drawnFrom(schema, resolve, inner, depth, sound), weight: sound },
    { arbitrary: weirdValue, weight: 1 },
  );
}

function drawnFrom(
  schema: JsonSchema,
  resolve: (ref: string) => JsonSchema,
  inner: (part: JsonSchema) => fc.Arbitrary<unknown>,
  depth: number,
  sound: number,
): fc.Arbitrary<unknown> {
  if (depth > 12) return weirdValue;
  if (schema.$ref) return inner(resolve(schema.$ref));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map(inner));
  if (schema.allOf) return fc.tuple(...schema.allOf.map(inner)).map((parts) => Object.assign({}, ...parts));
  switch (typeof schema.type === 'string' ? schema.type : schema.type?.[0]) {
    case 'string':
      return textOf(schema);
    case 'integer':
      return fc.oneof(
        fc.integer({
          min: whole(schema.minimum, -5),
          max: Math.max(whole(schema.maximum, 50), whole(schema.minimum, -5)),
        }),
        fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 31, Number.MAX_SAFE_INTEGER, Date.UTC(2026, 10, 22)),
      );
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return listOf(schema, inner);
    case 'object':
      return objectOf(schema, inner, sound);
    default:
      return weirdValue;
  }
}

/** Bounds of safe integers are no range to draw from. */
function whole(bound: number | undefined, otherwise: number): number {
  return bound === undefined || Math.abs(bound) > 2 ** 40 ? otherwise : Math.ceil(bound);
}

function textOf({ format, pattern, minLength = 0, maxLength = 40 }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (pattern !== undefined && !/\\p|\(\?[=!<]/.test(pattern)) return fc.stringMatching(new RegExp(pattern));
  const max = Math.max(minLength, Math.min(maxLength, 60));
  return fc.oneof(
    fc.string({ minLength, maxLength: max, unit: 'grapheme' }).map((text) => text.slice(0, maxLength)),
    fc.constant('路灯不亮'.repeat(Math.ceil(max / 4)).slice(0, max)),
  );
}

function listOf(schema: JsonSchema, inner: (part: JsonSchema) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  if (schema.prefixItems) return fc.tuple(...schema.prefixItems.map(inner));
  const { minItems = 0, maxItems = 3 } = schema;
  const item = typeof schema.items === 'object' ? inner(schema.items) : weirdValue;
  return fc.array(item, { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, 3)) });
}

function objectOf(
  schema: JsonSchema,
  inner: (part: JsonSchema) => fc.Arbitrary<unknown>,
  sound: number,
): fc.Arbitrary<unknown> {
  const parts = Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, part]) => [name, inner(part)]));
  const optional = Object.keys(parts).filter((name) => !schema.required?.includes(name));
  const whole = fc.record(parts, { requiredKeys: Object.keys(parts).filter((name) => !optional.includes(name)) });
  const names = schema.propertyNames ? inner(schema.propertyNames).map(String) : fc.string({ maxLength: 12 });
  const further =
    typeof schema.additionalProperties === 'object'
      ? fc.dictionary(names, inner(schema.additionalProperties), { maxKeys: 3 })
      : fc.constant({});
  const isSpoilt = fc.integer({ min: 0, max: sound + 6 });
  return fc
    .tuple(whole, further, isSpoilt, fc.string({ maxLength: 12 }), weirdValue)
    .map(([value, more, n, key, weird]) => {
      const all: Record<string, unknown> = { ...value, ...more };
      if (n === 0) return { ...all, [key]: weird };
      const missing = n === 1 ? Object.keys(all)[0] : undefined;
      return missing === undefined ? all : Object.fromEntries(Object.entries(all).filter(([name]) => name !== missing));
    });
}
