import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CitizenFields, citizenFieldsSchema, formerPhonesOf } from '#shared/domain/citizen.ts';
import { changeCitizen, citizenChangesSchema, diffCitizen } from '#shared/domain/citizen-changes.ts';
import { type EventId, newId } from '#shared/kernel/ids.ts';
import { START, sampleCitizen } from '#tests/support/data/samples.ts';

const FLAGS: CitizenFields['flags'] = ['care', 'threat', 'frequent'].map((kind) => ({
  id: newId<EventId>(START),
  kind: kind as 'care',
  text: '',
  until: null,
  at: START,
  byName: '林晓雯',
}));
/** When a change was made. */
const AT = START + 1_000;
const PHONES = ['13800001234', '13900005678', '02584000001', '13700000077'];
const record = fc
  .record({
    name: fc.constantFrom('', '王芳', '王小芳'),
    remark: fc.constantFrom('', '下午在家'),
    ageBand: fc.constantFrom(null, 'senior' as const),
    confidential: fc.boolean(),
    needs: fc.record({ hearing: fc.boolean(), language: fc.constantFrom('', '苏州话') }),
    phones: fc.shuffledSubarray(PHONES),
    flags: fc.subarray(FLAGS),
  })
  .map((fields) => sampleCitizen(fields).fields);

test('property: a difference leads from one record to the other, twice no further, and never lifts 保密', () => {
  fc.assert(
    fc.property(record, record, (was, now) => {
      const changes = citizenChangesSchema.parse(diffCitizen(was, now));
      const changed = changeCitizen(was, changes, AT);
      // Numbers that were taken off are remembered; the records differ in nothing else.
      const sorted = ({ flags, formerPhones: _, ...rest }: CitizenFields) => ({
        ...rest,
        flags: flags.map(({ id }) => id).sort(),
      });
      const wanted = { ...now, confidential: was.confidential || now.confidential };
      expect(sorted(changed)).toEqual(sorted(wanted));
      const gone = was.phones.filter((phone) => !now.phones.includes(phone));
      expect(formerPhonesOf(changed)).toEqual(gone.map((phone) => ({ phone, until: AT })));
      // Consoles of schema 2 read the record as long as no number was taken off it.
      expect('formerPhones' in changed).toBe(gone.length > 0);
      expect(changeCitizen(changed, changes, AT)).toEqual(changed);
      expect(citizenFieldsSchema.safeParse(changed).success).toBe(true);
    }),
  );
});

test('property: what one person changed and the other did not touch is kept, in either order', () => {
  fc.assert(
    fc.property(record, fc.constantFrom(...PHONES), fc.boolean(), (base, phone, hearing) => {
      const mine = diffCitizen(base, { ...base, remark: '我的', phones: [...new Set([...base.phones, phone])] });
      const theirs = diffCitizen(base, {
        ...base,
        confidential: true,
        needs: { ...base.needs, hearing },
        flags: FLAGS,
      });
      const [one, two] = [
        changeCitizen(changeCitizen(base, mine, AT), theirs, AT),
        changeCitizen(changeCitizen(base, theirs, AT), mine, AT),
      ];
      expect(one).toEqual(two);
      expect(one).toMatchObject({ remark: '我的', confidential: true, needs: { hearing } });
      expect(one.phones).toContain(phone);
      expect(one.flags).toHaveLength(FLAGS.length);
    }),
  );
});

test('numbers that somebody added meanwhile come behind those that were put in order', () => {
  const was = sampleCitizen({ phones: ['13800001234', '13900005678'] }).fields;
  const changes = diffCitizen(was, { ...was, phones: ['13900005678', '13800001234'] });
  const newer = { ...was, phones: ['13800001234', '13900005678', '02584000001'] };
  expect(changeCitizen(newer, changes, AT).phones).toEqual(['13900005678', '13800001234', '02584000001']);
});
