import { expect, test } from 'vitest';
import { importMapSchema } from '#server/import/import-map.ts';
import { mapRecord } from '#server/import/map-record.ts';
import { START } from '#tests/support/data/samples.ts';

const MAP = importMapSchema.parse({
  source: 'former-system',
  centre: '320100',
  fields: {
    id: 'id',
    createdAt: { field: 'at', formats: ['yyyy-MM-dd HH:mm'] },
    content: 'content',
    callerPhone: 'phone',
  },
});

test.each([
  ['025-84000001转801', '02584000001#801', false],
  ['138 0000 1234', '13800001234', false],
  // Nothing is thrown away of what a former system held.
  ['13800001234、13900005678', '13800001234、13900005678', false],
  ['无', '', true],
])('an imported number %s is kept as %s', (phone, stored, anonymous) => {
  const mapped = mapRecord({ id: '1', at: '2025-06-18 09:00', content: '路灯不亮', phone }, MAP, START);
  expect(mapped).toMatchObject({ ok: true, value: { ticket: { fields: { caller: { phone: stored, anonymous } } } } });
});

test.each([
  ['025-84000001转801', '6a4630de5060c475a945942c88a04817e4c5dbbbd088a2b139963b06dd066310'],
  ['025-84000001-801', '939542d678240decf673205e00f0ee8549347abe7d3c635644f75d90eca29276'],
  ['0258400000118', '7def7196a1802270f7d026a6e22342d9ac2ddef3b7d8d9fda3824e34a8b4c733'],
  ['13800001234、13900005678', '4449958dac638488f74cc29371104a7433ee13316642c258247b486d37571981'],
  ['＋86 25 84000001', '6a4630de5060c475a945942c88a04817e4c5dbbbd088a2b139963b06dd066310'],
  ['转801', 'e61a8a09957a5b4f87082a5096163e91d7e864acbedd78eeabb88791b86f9d5b'],
])('a record with the number %s that was imported before extensions were kept is known again', (phone, fingerprint) => {
  const mapped = mapRecord({ id: '1', at: '2025-06-18 09:00', content: '路灯不亮', phone }, MAP, START);
  expect(mapped).toMatchObject({ ok: true, value: { fingerprint } });
});
