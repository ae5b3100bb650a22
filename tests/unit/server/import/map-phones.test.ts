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
