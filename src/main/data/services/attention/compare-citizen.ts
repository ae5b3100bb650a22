import type { ComparedField, ComparedValue } from '#shared/contract/attention.contract.ts';
import type { Citizen, CitizenFields } from '#shared/domain/citizen.ts';
import { assertNever } from '#shared/kernel/assert-never.ts';
import type { CitizenOp } from '#shared/sync/apply-op.ts';
import type { OpOf } from '#shared/sync/wire.ts';

type Pair = readonly [
  field: string,
  mine: ComparedValue,
  theirs: (fields: CitizenFields) => ComparedValue,
  isText?: true,
];

/** A refused operation on a person's record, field by field. @param server the record as this person may see it */
export function compareCitizenOp(op: CitizenOp, server: Citizen | null): readonly ComparedField[] {
  // Records keep no author of a single field: what is known is when the record was changed last.
  const by = server && { name: '', at: server.updatedAt };
  return pairsOf(op, server).map(([field, mine, theirs, isText = false]) => ({
    field,
    mine,
    ...(server ? { theirs: theirs(server.fields) } : {}),
    isClash: false,
    by,
    isText,
  }));
}

function pairsOf(op: CitizenOp, server: Citizen | null): readonly Pair[] {
  switch (op.kind) {
    case 'citizen.upsert':
      return [
        ['name', op.args.fields.name, ({ name }) => name],
        ['phones', op.args.fields.phones, ({ phones }) => phones],
        ['remark', op.args.fields.remark, ({ remark }) => remark],
      ];
    case 'citizen.change':
      return changed(op);
    case 'citizen.lift':
      return [['confidential', false, ({ confidential }) => confidential]];
    case 'citizen.merge':
    case 'citizen.split':
      return [['mergedInto', op.kind === 'citizen.merge', () => server?.mergedInto != null]];
    default:
      return assertNever(op, 'citizen operation');
  }
}

function changed({ args: { changes } }: OpOf<'citizen.change'>): readonly Pair[] {
  const { name, gender, kind, remark, ageBand, needs, confidential, phones, flags } = changes;
  const pairs: (Pair | false)[] = [
    name !== undefined && ['name', name, (fields) => fields.name, true],
    gender !== undefined && ['gender', gender, (fields) => fields.gender],
    kind !== undefined && ['kind', kind, (fields) => fields.kind],
    ageBand !== undefined && ['ageBand', ageBand, (fields) => fields.ageBand],
    needs?.hearing !== undefined && ['hearing', needs.hearing, (fields) => fields.needs.hearing],
    needs?.language !== undefined && ['language', needs.language, (fields) => fields.needs.language, true],
    remark !== undefined && ['remark', remark, (fields) => fields.remark, true],
    confidential !== undefined && ['confidential', confidential, (fields) => fields.confidential],
    phones !== undefined && phones.added.length > 0 && ['phonesAdded', phones.added, (fields) => fields.phones],
    phones !== undefined && phones.removed.length > 0 && ['phonesRemoved', phones.removed, (fields) => fields.phones],
    flags !== undefined &&
      flags.added.length > 0 && [
        'flagsAdded',
        flags.added.map(({ text, kind: mark }) => text || mark),
        (fields) => fields.flags.map(({ text, kind: mark }) => text || mark),
      ],
  ];
  return pairs.filter((pair) => pair !== false);
}
