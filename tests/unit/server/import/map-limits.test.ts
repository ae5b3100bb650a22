import { expect, test } from 'vitest';
import { importMapSchema } from '#server/import/import-map.ts';
import { mapRecord } from '#server/import/map-record.ts';
import { START } from '#tests/support/data/samples.ts';

const MAP = importMapSchema.parse({
  source: 'former-system',
  centre: '320100',
  status: { unreplied: 'handling', replied: 'to_callback' },
  fields: { id: 'id', createdAt: { field: 'at', formats: ['yyyy-MM-dd HH:mm'] }, content: 'content' },
  replies: [{ text: 'reply', unit: 'unit', at: { field: 'repliedAt', formats: ['yyyy-MM-dd HH:mm'] } }],
});
const RECORD = { id: '1', at: '2026-03-02 10:00', content: '路灯不亮' };

test.each([
  [undefined, 'jiangsu', '2026-03-09T10:00:00+08:00'],
  ['beijing', 'beijing', '2026-03-09T10:00:00+08:00'],
])('open tickets of a centre with the limits %s are imported with those', (chosen, set, due) => {
  const mapped = mapRecord(RECORD, MAP, START, chosen);
  expect(mapped).toMatchObject({
    ok: true,
    value: { ticket: { dueAt: Date.parse(due), clocks: { set, stage: 'handle' } } },
  });
});

test('what was answered elsewhere has met its limit then', () => {
  const mapped = mapRecord({ ...RECORD, reply: '已修好', unit: '城管局', repliedAt: '2026-03-04 09:00' }, MAP, START);
  const metAt = Date.parse('2026-03-04T09:00:00+08:00');
  expect(mapped).toMatchObject({ ok: true, value: { ticket: { clocks: { stage: 'callback', metAt } } } });
});
