import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type CentreOrder, encodePart, readCentre } from '#server/demo/centre-source.ts';
import { generateDemoCentre } from '#server/demo/generate.ts';

const NOW = Date.UTC(2026, 10, 22);
/** As many as are worth a thread. */
const SIZE = { citizens: 600, tickets: 5_000 };
const ORDER: CentreOrder = {
  seed: 7,
  now: NOW,
  options: SIZE,
  done: { citizens: 100, tickets: 1_000 },
  part: 1_500,
  ahead: 2,
};

const digestOf = (...texts: readonly (string | Uint8Array)[]) =>
  texts.reduce((hash, text) => hash.update(text), createHash('sha256')).digest('hex');

test('a large centre comes out of its thread as the same rows, from where an earlier start ended', async () => {
  const centre = generateDemoCentre(ORDER.seed, NOW, SIZE);
  const citizens = [...centre.citizens()].slice(100);
  const tickets = [...centre.tickets()].slice(1_000);
  const kinds: string[] = [];
  const received: { citizens: unknown[]; digests: string[] } = { citizens: [], digests: [] };
  for await (const message of readCentre(ORDER)) {
    kinds.push(message.kind);
    if (message.kind === 'records') expect(message.records).toBe(centre.records);
    if (message.kind === 'citizens') received.citizens.push(...message.rows);
    if (message.kind === 'tickets') received.digests.push(digestOf(message.tickets.lines, message.tickets.events));
  }
  expect(kinds).toEqual(['records', 'citizens', 'tickets', 'tickets', 'tickets']);
  expect(received.citizens).toEqual(citizens);
  const expected = [0, 1_500, 3_000].map((from) => encodePart(tickets.slice(from, from + 1_500), NOW).tickets);
  expect(received.digests).toEqual(expected.map(({ lines, events }) => digestOf(lines, events)));
});

test('a reader that stops ends the thread', async () => {
  const centre = readCentre(ORDER);
  await centre.next();
  await centre.return();
  expect(await centre.next()).toEqual({ done: true, value: undefined });
});
