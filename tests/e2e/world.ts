import { test as base } from '@playwright/test';
import { Bootstrap } from '../support/bootstrap.ts';

export { expect } from '@playwright/test';

export const AGENT = { account: 'demo1001', password: 'Demo-12345' } as const;

/**
 * Tests with a world of their own: `world` with a server, `cutWorld` with a network that can be cut, `lonelyWorld` with the
 * application alone.
 */
export const test = base.extend<{ world: Bootstrap; cutWorld: Bootstrap; lonelyWorld: Bootstrap }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture needs from this pattern
  world: async ({}, use, info) => {
    const world = await Bootstrap.open(info);
    await use(world);
    await world.close(info);
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  cutWorld: async ({}, use, info) => {
    const world = await Bootstrap.open(info, { throughProxy: true });
    await use(world);
    await world.close(info);
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  lonelyWorld: async ({}, use, info) => {
    const world = await Bootstrap.open(info, { withServer: false });
    await use(world);
    await world.close(info);
  },
});
