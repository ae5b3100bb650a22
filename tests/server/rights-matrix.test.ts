import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROLES, type Role } from '#shared/domain/roles.ts';
import { MATRIX_DEEDS, SCOPES } from '#tests/support/rights/matrix.ts';
import { MatrixScene } from '#tests/support/rights/matrix-scene.ts';

let scene: MatrixScene;
beforeAll(async () => {
  scene = await MatrixScene.open(ROLES);
}, 60_000);
afterAll(() => scene.close());

const CASES = MATRIX_DEEDS.length * ROLES.length * SCOPES.length;

test(`${CASES} cases: ${MATRIX_DEEDS.length} deeds, ${ROLES.length} roles, own and others' tickets, other line, other centre: the server takes what the tables say, and consoles say the same`, async () => {
  const disagreed: string[] = [];
  const allowed = new Map<Role, string[]>();
  let cases = 0;
  for (const role of ROLES) {
    for (const { deed, scope, isTaken, isShown, reason } of await scene.play(role)) {
      cases++;
      const expected = deed.isAllowed(role, scope);
      if (isTaken) allowed.set(role, [...(allowed.get(role) ?? []), `${deed.name} (${scope})`]);
      // Units work through their own systems.
      // What was said of tickets an editor once took in is theirs to appeal against, though they are given no checks to see.
      const isOnlyServers = role === 'unit' || (role === 'editor' && deed.name === 'check.appeal');
      const isAgreed = isShown === isTaken || (isOnlyServers && !isShown);
      if (isTaken !== expected || !isAgreed)
        disagreed.push(
          `${role}: ${deed.name} on ${scope}: expected ${expected}, server ${isTaken} (${reason}), console ${isShown}`,
        );
    }
  }
  expect(disagreed).toEqual([]);
  expect(cases).toBe(CASES);
  // Said once more without the tables: who may nothing, and who nothing beyond the own centre and lines.
  for (const role of ['editor', 'trainer', 'trainee'] as const)
    expect((allowed.get(role) ?? []).filter((one) => !one.startsWith('check.appeal'))).toEqual([]);
  expect([...allowed.values()].flat().filter((one) => one.includes('(other'))).toEqual([]);
  expect(new Set(allowed.get('analyst')?.map((one) => one.replace(/ \(.*/, '')))).toEqual(
    new Set(['note', 'link', 'check.appeal']),
  );
  expect(new Set(allowed.get('revisit')?.map((one) => one.replace(/ \(.*/, '')))).toEqual(
    new Set(['note', 'link', 'amend', 'check.appeal', 'miss_callback', 'close', 'redo']),
  );
}, 120_000);

test('what a person may read: tickets one by one, scopes, accounts and the board', async () => {
  const disagreed: string[] = [];
  for (const role of ROLES) {
    for (const { what, expected, status } of await scene.read(role)) {
      if ((status === 200) !== expected)
        disagreed.push(`${role}: ${what} → ${status}, expected ${expected ? 'to be answered' : 'a refusal'}`);
    }
  }
  expect(disagreed).toEqual([]);
});

test('without a token, and with the key of a unit or of Open311, nothing of the consoles’ API answers', async () => {
  const answers = await scene.askWithKeys();
  expect(answers.length).toBeGreaterThan(40);
  expect(answers.filter(({ status }) => status !== 401)).toEqual([]);
});
