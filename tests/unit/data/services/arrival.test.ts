import { expect, test } from 'vitest';
import { insertScope, listScopes, saveScope } from '#main/data/repositories/scope.repository.ts';
import { fetchOlder, getCoverage } from '#main/data/services/history.service.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { openTestWork } from '#tests/support/data/open-work.ts';
import { TICKETS_NOW } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const CITIZENS = '320100:citizens';

/** A console that was given these scopes. */
function openConsole(...scopes: readonly string[]) {
  const { ctx, db } = openTestWork(tempFolder());
  for (const scope of scopes) insertScope(db, scope, 1);
  const change = (scope: string, changes: object) => {
    const state = forceUnwrap(
      scope,
      listScopes(db).find((each) => each.scope === scope),
    );
    saveScope(db, { ...state, ...changes });
  };
  return { ctx, change, isArriving: () => getCoverage(ctx).arriving };
}

test('callers’ rows arrive until every scope of tickets and of citizens was pulled to its end, whatever the comparison said', () => {
  const { change, isArriving } = openConsole(TICKETS_NOW, CITIZENS, '320100:knowledge');
  expect(isArriving()).toBe(true);
  change(TICKETS_NOW, { parity: 'equal' });
  expect(isArriving()).toBe(true);
  change(CITIZENS, { parity: 'different' });
  expect(isArriving()).toBe(false);
  // Started anew: what changed since is missing until it is through again.
  change(TICKETS_NOW, { parity: 'unknown', round: 1 });
  expect(isArriving()).toBe(true);
  // Withdrawn, or left: nothing of it will come.
  change(TICKETS_NOW, { isGranted: false });
  expect(isArriving()).toBe(false);
});

test('before the first greeting all of it has yet to come, and without a server nothing ever will', async () => {
  const { ctx, isArriving } = openConsole();
  expect(isArriving()).toBe(false);
  expect(await fetchOlder(ctx, { phone: '13951990021' })).toEqual({ state: 'nothing-outside' });
  const online = { ...ctx, hasServer: true };
  expect(getCoverage(online).arriving).toBe(true);
  await expect(fetchOlder(online, { phone: '13951990021' })).rejects.toMatchObject({ code: 'OFFLINE' });
});
