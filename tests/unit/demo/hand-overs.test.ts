import { expect, it } from 'vitest';
import { generateDemoCentre } from '#server/demo/generate.ts';
import { DAY_MS } from '#shared/domain/clock/beijing-day.ts';
import { DEMO_SEED } from '#shared/domain/demo.ts';
import { flowsOf } from '#shared/domain/overlay/flows-of.ts';

const NOW = Date.parse('2026-11-26T19:00:00+08:00');

it('has calls that were handed over to 110, 119 and 120, each with a record of the service that fits, which answered unless it was just now', () => {
  const handed = [...generateDemoCentre(DEMO_SEED, NOW, { citizens: 7_000, tickets: 20_000 }).tickets()].filter(
    ({ status }) => status === 'handed_off',
  );
  const services = new Set(handed.map(({ fields }) => fields.handOff?.service));
  expect(services).toEqual(new Set(['110', '119', '120']));
  for (const { fields, events, createdAt, updatedAt } of handed) {
    const [flow, ...others] = flowsOf(events);
    expect(others).toEqual([]);
    expect(flow).toMatchObject({ receiver: fields.handOff?.service, kind: 'call' });
    if (fields.content.includes('起火')) expect(flow?.receiver).toBe('119');
    expect(updatedAt).toBeLessThanOrEqual(NOW);
    if (createdAt > NOW - 3 * DAY_MS) continue;
    expect(flow?.receipt?.at).toBeGreaterThan(flow?.sentAt ?? 0);
    expect(flow?.result?.at).toBeGreaterThan(flow?.receipt?.at ?? 0);
  }
});
