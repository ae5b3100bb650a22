import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Migration, migrate } from '#main/data/db/migrate.ts';
import { CACHE_MIGRATIONS } from '#main/data/db/migrations/cache-migrations.ts';
import { openEncrypted } from '#main/data/db/open.ts';
import { addToDigest, EMPTY_DIGEST } from '#shared/kernel/row-hash.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const KEY = 'cd'.repeat(32);

/** The version of this program. */
const NOW = CACHE_MIGRATIONS.at(-1)?.version;

/** A stand-in for a later step, so that what holds for every step is tested before there is one. */
const LATER: Migration = {
  version: 9_990,
  name: 'later',
  up(db) {
    db.exec('CREATE TABLE later (a TEXT) STRICT');
    db.run(`INSERT INTO later (a) SELECT id FROM drafts`);
    db.exec('ALTER TABLE drafts ADD COLUMN later TEXT');
  },
};

const schemaOf = (db: ReturnType<typeof openEncrypted>) =>
  db
    .values<string>(`SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name`)
    .map((sql) => sql.replaceAll(/\s+/g, ' '));

test('steps are numbered upwards by tens', () => {
  const versions = CACHE_MIGRATIONS.map((migration) => migration.version);
  expect(versions).toEqual([...versions].sort((a, b) => a - b));
  expect(new Set(versions).size).toBe(versions.length);
  expect(versions.every((version) => version % 10 === 0)).toBe(true);
});

/** SHA-256 of the schema after each frozen step. A step that is not listed may still be edited: it has to be the last ones. */
const FROZEN: Readonly<Record<number, string>> = {
  10: '2d6cb10f4d9b1bbd426c01754df5cd6ba3fd052947ec47eb3892863e1bf54817',
  20: '4a2ef8e9d1db61ffe792724ce638679259398c00e9e28971bf0123f21b86dd41',
  30: 'ec00f0283ae25604c01d64b370ad8884ff03d2a75265aded6fe98fb917f125e3',
  40: 'c057f14a6c4932d6a8d14d46409f683e5b421208a083cdfe59939aecf9370a74',
  50: '59da01f536a2aef2130d8a9a0a4efbf8c6e73862d9dffb2bdd47d0b5a3eedb7e',
  60: 'ca084ca3ab19adfab3d9c00eb2abc6b68b313aac4ab2e59912fe125f69740049',
  70: '17a9c514b2c58c7fa7db2c9d5414196ef9bbde2b6fda4705c08098dbc179dd34',
  80: '7a9b2e6ee48e0fbbda119882d5c1606b25bb56587c1a3fda57761b3e3b800262',
  90: '111491aeee8e3b955ba12d69e23711a163fcf60a710af416278dedaf9b249c53',
  100: 'cf37d84be3800fe409102ae270c5804570b2dcf7e829f7fe773918c136112d79',
  110: 'c0447fe1a1ec44cd75e24762dd3cb42389cafef8a39b4fcf0602c867bb1663ab',
  120: 'b7d9097b78bcd33376356e8587cd970952f12f80918a2570cffaaf767b5713ca',
  140: '5bfd6ef2d67fd3bff4005196372b855435375085447e910b36b887beb399ba38',
  150: '5bfd6ef2d67fd3bff4005196372b855435375085447e910b36b887beb399ba38',
  160: '0b96ce0a58a75da69e4aed991ba59f9d84c5866af98612c847424587625c4d69',
  170: '29dc8faa69252ee3ee8049ad4693b83b81db59afe88c6ac78388e5f29c6e49b7',
  180: 'bf5146c49c4711d3c9f0d79ae28371f47828aa533496d7acb80c82eb5d20cc35',
  190: 'f96c792ef77b8c50f745ddd8608d2f7750b6b306accfad40a5b4a4721211a106',
  200: '56bf9d919d1f3dc3b5cf600e62438d305451e6f78184fa5b90ad22f7c918806a',
  210: '9ede5b438aecd5ce9b83924207a8e0a5bcbe109f7a26b07880af05926d8ed6a2',
  220: '37cff3060d20aaf1ff505bbd54c3731b6543ebd01a8e3311a66b0da723cd92c4',
  240: '0fb961260bebf610a43dc7b974464386217cb19d06169312f938843b2aca603a',
  260: '27d264039875028c308118ac9b4295d4ed3e5ab82e129f1404d43ea692e61ca8',
  270: '087fd15daba1468c9e5d514843f8ce3db8b3513f672d5058666d0b01153bcb19',
  280: 'f5df26596af33ff1770764f7302942453baa6a382c25905308041cd9d7bb29aa',
  290: '39432dc0a63c7a818c42702344603c20a88391cef4dbea6f28fb2a65439a6aeb',
  300: '10535629868cadb4550148dfcdd66ff19ceec99fac0f57a3fdc3cd7adf91371d',
  310: '9e45c0ddf4316ec794662bfed672122c40d5477421b7911985097d8008efa41e',
};

test('a released step is never edited', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  const found: Record<number, string> = {};
  CACHE_MIGRATIONS.forEach(({ version }, index) => {
    migrate(db, CACHE_MIGRATIONS.slice(0, index + 1));
    expect(db.pragma('user_version')).toBe(version);
    found[version] = createHash('sha256').update(schemaOf(db).join('\n')).digest('hex');
  });
  const frozen = Object.keys(FROZEN).map(Number);
  expect(
    Object.fromEntries(CACHE_MIGRATIONS.slice(0, frozen.length).map(({ version }) => [version, found[version]])),
  ).toEqual(FROZEN);
  db.close();
});

/** A database that notes the statements which a step runs, with their values and without the way they are laid out. */
function listen<T extends ReturnType<typeof openEncrypted>>(db: T, statements: string[]): T {
  const heard = ['exec', 'run', 'get', 'all', 'values', 'value', 'iterate'];
  return new Proxy(db, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        if (heard.includes(String(name))) {
          const [sql, ...values] = args;
          statements.push(`${String(sql).replaceAll(/\s+/g, ' ').trim()} ${JSON.stringify(values)}`);
        }
        return member.apply(target, args);
      };
    },
  });
}

/** SHA-256 of what each frozen step does to an empty cache, statement by statement: what it changes in rows leaves no trace in the schema. */
const FROZEN_STATEMENTS: Readonly<Record<number, string>> = {
  10: 'be831a4cdf6d0701edacf25c2f79f0de5d22dfa5c83e976cd249da76dc107d20',
  20: '66c731992966b889fb6aaed8fd28580c7d806559300a18d1cc9faed4195fbb80',
  30: '0a8a143f06c9642174c6c7f075066d3964da777a28075572d1cc4e9dd73df9a4',
  40: '9a7f94f658ac571823bb5b3eac93641ecae046d0ba50ff24464b1910617eb326',
  50: '1213287acfa9a98ecf62638d6fb271d09f5df3914814127a6b5472825ec6683f',
  60: '5c3f9ead92c4ffaa89fd9890b018cc930bf6b24c35132e15b899fe6eb86b16b0',
  70: 'fb8fe820c0f23659ebf572dcc71025cf28e08a8a9661a148521bd2cea0966dd7',
  80: 'eadd108305b3c68e22d833d0594bb97a80d8921d768ff1b585c7e8697a4eff61',
  90: '30a3caa017b8e3d34f2a7ee9deae0418166d04e3992982491002aec2354c43a0',
  100: 'd21bb525c9dc2b0cd69c0d5b27a42ed82e11d3c1c3b61a7808561786bdec6ccb',
  110: 'e74cb2ea9826401e0390dbae6db21d86e8b7495f5b6a061ed3dadb985b603fad',
  120: 'f5ca51e175d520f912d4ec7df27030b3eb7042fa588f18e1933d37817e755396',
  140: '0bb3461a2f081b8ae2fd84f52a0be57832de56bb33ec28a2abec55011975eb33',
  150: 'e0c65812832f2e200ff2fb00a1bad2352a092660066c1889ad4f99a716f4f160',
  160: 'd517f2221be65e14cabcebcffed56e3c1112a5eb687a61f7e8b267dbd9ebbc48',
  170: '6519e4095aab954ed9e578afe2a52a47ff71757313b7c81d43c0a3245401848d',
  180: '63145bf2b5380501c6279b27371c944420c8b9b9fae6993e363a4cc9070d5e91',
  190: '3abb1e943da373d888c5d0c34c5881a86b751ad1c1e56ee7ec1707cf49bcd5a0',
  200: '336e3281217957e0d5e11ed6fc4ba09d3f822108c1c1ba30580c68c7b9834ecc',
  210: '45c65eb348f1dc4168212642c2f4e695ee3b3d35f40969ce9c259a57caf8fd92',
  220: '42ad2b74a12098b2ff59e83172dc1df63cd360278d6504cb74f0bf3b1bd96518',
  240: 'd8ad00496bd4ff6e3c938a617c1d5bfb03da03e418a5b3caa73195ee31eb7a43',
  260: 'f9e08b0eb8029c8fcef079ad4366944f84c0ccb996ead45724aaebead63f34ca',
  270: 'cbd3ee6f6e2935e5a0f5dabcee3a5ca8a58eb41593be0fef3b362eeb9ffd9854',
  280: '3e8c19c87f2553c7075a0f4dee7fefcbca464f2c0a8ac47208b625a9d2747a29',
  290: 'b76a8840f44792f02154dd1f4198661f2063b3f41518f1ad7c556ae653f58050',
  300: '465b38a8eaa165a9ce6743400d7946116ec5e6e873419ea6055be288edff181e',
  310: 'cda0fd6c89e415aa51cc8d54bb0c7293dde2c130dacc3c3e8227a757ad214386',
};

test('what a released step does to rows is never edited either', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  const found: Record<number, string> = {};
  CACHE_MIGRATIONS.forEach(({ version }, index) => {
    const statements: string[] = [];
    migrate(listen(db, statements), CACHE_MIGRATIONS.slice(0, index + 1));
    expect(statements.length).toBeGreaterThan(0);
    found[version] = createHash('sha256').update(statements.join('\n')).digest('hex');
  });
  const frozen = Object.keys(FROZEN).map(Number);
  expect(Object.fromEntries(frozen.map((version) => [version, found[version]]))).toEqual(FROZEN_STATEMENTS);
  db.close();
});

test('0010 holds rows as they were written, and the next step finds them', () => {
  const path = `${tempFolder()}/a.db`;
  const old = openEncrypted(path, KEY);
  migrate(old, CACHE_MIGRATIONS.slice(0, 1));
  old.run(`INSERT INTO drafts (id, call_id, call, revision, content, state, created_at, updated_at)
    VALUES ('d1', 'c1', NULL, 3, '{"title":"路灯"}', 'open', 1, 2)`);
  old.run(`INSERT INTO outbox (incarnation, s, op_id, kind, uid, label, at, base_version, args, hash, schema, state)
    VALUES (1, 1, 'o1', 'ticket.create', 't1', '路灯', 1, 0, '{}', 'h', 1, 'waiting')`);
  old.close();
  const db = openEncrypted(path, KEY);
  migrate(db, [...CACHE_MIGRATIONS, LATER]);
  expect(db.pragma('user_version')).toBe(LATER.version);
  expect(db.all('SELECT * FROM drafts')).toEqual([
    {
      id: 'd1',
      call_id: 'c1',
      call: null,
      revision: 3,
      content: '{"title":"路灯"}',
      state: 'open',
      created_at: 1,
      updated_at: 2,
      ticket_uid: null,
      handed_from: null,
      handover_uid: null,
      handed_to: null,
      hand_off: null,
      joined_events: null,
      parent_uid: null,
      later: null,
    },
  ]);
  expect(db.values('SELECT op_id FROM outbox')).toEqual(['o1']);
  expect(db.values('SELECT a FROM later')).toEqual(['d1']);
  db.close();
});

test('0020 adds the notes that were begun and leaves what is there', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(db, CACHE_MIGRATIONS.slice(0, 1));
  db.run(`INSERT INTO outbox (incarnation, s, op_id, kind, uid, label, at, base_version, args, hash, schema, state)
    VALUES (1, 1, 'o1', 'ticket.note', 't1', '路灯', 1, 1, '{}', 'h', 1, 'waiting')`);
  migrate(db, CACHE_MIGRATIONS.slice(0, 2));
  expect(db.pragma('user_version')).toBe(20);
  db.run(`INSERT INTO note_drafts (ticket_uid, text, updated_at) VALUES ('t1', '又停电了', 5)`);
  expect({ outbox: db.all('SELECT * FROM outbox'), notes: db.all('SELECT * FROM note_drafts') }).toEqual({
    outbox: [
      {
        id: 1,
        incarnation: 1,
        s: 1,
        op_id: 'o1',
        kind: 'ticket.note',
        uid: 't1',
        label: '路灯',
        at: 1,
        base_version: 1,
        args: '{}',
        hash: 'h',
        schema: 1,
        depends_on: null,
        state: 'waiting',
        attempts: 0,
        last_try_at: null,
        last_error: null,
      },
    ],
    notes: [{ ticket_uid: 't1', text: '又停电了', updated_at: 5 }],
  });
  db.close();
});

test('0030 adds documents, 母单 and merged persons, and leaves what is there', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(db, CACHE_MIGRATIONS.slice(0, 2));
  db.run(`INSERT INTO citizens (id, uid, centre, name, created_at, updated_at, version, base_version, doc)
    VALUES (7, 'c7', '320100', '王芳', 1, 2, 3, 3, '{"name":"王芳"}')`);
  db.run(`INSERT INTO tickets (id, uid, provisional_no, centre, status, caller_phone, created_at, is_mine, updated_at, version,
    base_version, text_hash, doc) VALUES (9, 't9', '', '320100', 'closed', '', 1, 0, 1, 1, 1, 5, '{}')`);
  migrate(db, CACHE_MIGRATIONS.slice(0, 3));
  expect(db.pragma('user_version')).toBe(30);
  expect(db.all('SELECT uid, name, merged_into FROM citizens')).toEqual([
    { uid: 'c7', name: '王芳', merged_into: null },
  ]);
  expect(db.all('SELECT uid, text_hash, parent_uid FROM tickets')).toEqual([
    { uid: 't9', text_hash: 5, parent_uid: null },
  ]);
  db.close();
});

test('0040 queues people for the search and keeps what waits for the index, with its text', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(db, CACHE_MIGRATIONS.slice(0, 3));
  db.run('INSERT INTO search_queue (ticket_id) VALUES (7)');
  migrate(db, CACHE_MIGRATIONS.slice(0, 4));
  expect(db.pragma('user_version')).toBe(40);
  expect(db.all('SELECT * FROM search_queue')).toEqual([{ ticket_id: 7, new_text: 1 }]);
  db.run('INSERT INTO citizen_queue (citizen_id) VALUES (9)');
  expect(db.values('SELECT citizen_id FROM citizen_queue')).toEqual([9]);
  db.close();
});

test('0050 reads lists of many states off one index', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(db, CACHE_MIGRATIONS.slice(0, 5));
  expect(db.pragma('user_version')).toBe(50);
  const plan = db.all<{ detail: string }>(
    `EXPLAIN QUERY PLAN SELECT id, created_at FROM tickets INDEXED BY tickets_by_creation
     WHERE (created_at, id) < (9, 9) AND status IN ('closed', 'handling') ORDER BY created_at DESC, id DESC LIMIT 5`,
  );
  expect(plan.map((step) => step.detail).join()).toContain('USING COVERING INDEX tickets_by_creation');
  db.close();
});

test('0060 adds the index of articles and their unfinished texts, and leaves the articles', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(db, CACHE_MIGRATIONS.slice(0, 5));
  db.run(`INSERT INTO records (id, uid, kind, centre, updated_at, version, base_version, doc)
    VALUES (3, 'a3', 'article', '320100', 1, 2, 2, '{"version":1}')`);
  migrate(db, CACHE_MIGRATIONS.slice(0, 6));
  expect(db.pragma('user_version')).toBe(60);
  expect(db.all('SELECT id, uid, doc FROM records')).toEqual([{ id: 3, uid: 'a3', doc: '{"version":1}' }]);
  db.run(`INSERT INTO articles_fts (rowid, focus, body) VALUES (3, '路灯 灯不', '报修')`);
  expect(db.values(`SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'focus : "灯不"'`)).toEqual([3]);
  db.run('DELETE FROM articles_fts WHERE rowid = 3');
  expect(db.values(`SELECT rowid FROM articles_fts WHERE articles_fts MATCH '"灯不"'`)).toEqual([]);
  db.run(`INSERT INTO article_drafts (uid, based_on, form, updated_at) VALUES ('a3', 1, '{}', 5)`);
  expect(db.all('SELECT * FROM article_drafts')).toEqual([{ uid: 'a3', based_on: 1, form: '{}', updated_at: 5 }]);
  db.close();
});

test('0070 takes the deletes that waited out of the parked rows and leaves what is there', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(db, CACHE_MIGRATIONS.slice(0, 6));
  db.run(`INSERT INTO scopes (id, scope, epoch, seq, row_count, digest_hi, digest_lo, parity, deletes_held)
    VALUES (1, '320100:12345', 2, 9, 5, 1, 2, 'different', 1)`);
  const gone = JSON.stringify({ table: 'tickets', scope: '320100:12345', seq: 4, uid: 't4' });
  for (const [reason, raw] of [
    ['unknown-data', '{"scope":"320100:12345"}'],
    ['delete-after-epoch-change', gone],
    ['mass-delete', gone],
  ] as const) {
    db.run(`INSERT INTO parked_rows (scope, seq, reason, raw, at) VALUES ('320100:12345', 4, ?, ?, 7)`, reason, raw);
  }
  migrate(db, CACHE_MIGRATIONS.slice(0, 7));
  expect(db.pragma('user_version')).toBe(70);
  expect(db.all('SELECT * FROM held_deletes')).toEqual([{ uid: 't4', scope: '320100:12345', at: 7 }]);
  expect(db.values('SELECT reason FROM parked_rows')).toEqual(['unknown-data']);
  expect(db.all('SELECT scope, seq, deletes_held, pull_round, swept_round, is_granted FROM scopes')).toEqual([
    { scope: '320100:12345', seq: 0, deletes_held: 1, pull_round: 1, swept_round: 0, is_granted: 1 },
  ]);
  db.close();
});

test('0080 tells how earlier calls ended, and leaves drafts as they are', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(db, CACHE_MIGRATIONS.slice(0, 7));
  const add = (id: string, answeredAt: number | null, endedAt: number | null) =>
    db.run(
      `INSERT INTO calls (call_id, ani, line, ring_at, answered_at, ended_at, held_ms, updated_at) VALUES (?, '', '12345', 1, ?, ?, 0, 1)`,
      id,
      answeredAt,
      endedAt,
    );
  add('c1', 2, 9);
  add('c2', null, 9);
  add('c3', 2, null);
  db.run(`INSERT INTO drafts (id, call_id, call, revision, content, state, created_at, updated_at)
    VALUES ('d1', 'c1', NULL, 3, '{}', 'open', 1, 2)`);
  migrate(db, CACHE_MIGRATIONS.slice(0, 8));
  expect(db.pragma('user_version')).toBe(80);
  expect(db.all('SELECT call_id, outcome, doc FROM calls ORDER BY call_id')).toEqual([
    { call_id: 'c1', outcome: 'answered', doc: '{}' },
    { call_id: 'c2', outcome: 'missed', doc: '{}' },
    { call_id: 'c3', outcome: null, doc: '{}' },
  ]);
  expect(db.all('SELECT id, revision, handed_from, handed_to, hand_off FROM drafts')).toEqual([
    { id: 'd1', revision: 3, handed_from: null, handed_to: null, hand_off: null },
  ]);
  db.close();
});

test('0090 adds the log of chosen categories', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(db, CACHE_MIGRATIONS.slice(0, 8));
  migrate(db, CACHE_MIGRATIONS.slice(0, 9));
  expect(db.pragma('user_version')).toBe(90);
  db.run(
    `INSERT INTO category_choices (ticket_uid, code, chosen_by, confidence, at) VALUES ('t', '010101', 'picked', NULL, 5)`,
  );
  const guessed = `INSERT INTO category_choices (ticket_uid, code, chosen_by, confidence, at) VALUES ('u', '010101', 'guessed', 0.5, 5)`;
  expect(() => db.run(guessed)).toThrow();
  db.close();
});

test('0100 takes the reason of the last failure apart', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  const upTo = (version: number) => CACHE_MIGRATIONS.filter((step) => step.version <= version);
  migrate(db, upTo(90));
  const reasons = ['OFFLINE: ECONNREFUSED', 'BAD_INPUT:args.fields.title', 'FORBIDDEN', null];
  reasons.forEach((reason, i) => {
    db.run(
      `INSERT INTO outbox (incarnation, s, op_id, kind, uid, label, at, base_version, args, hash, schema, state, last_error)
       VALUES (1, ?, ?, 'ticket.note', 't1', '路灯', 1, 0, '{}', 'h', 1, 'rejected', ?)`,
      i + 1,
      `o${i}`,
      reason,
    );
  });
  migrate(db, upTo(100));
  expect(db.all('SELECT last_error, last_detail FROM outbox ORDER BY s')).toEqual([
    { last_error: 'OFFLINE', last_detail: 'ECONNREFUSED' },
    { last_error: 'BAD_INPUT', last_detail: 'args.fields.title' },
    { last_error: 'FORBIDDEN', last_detail: '' },
    { last_error: null, last_detail: '' },
  ]);
  db.close();
});

test('0110 notes what became of a draft besides a ticket of its own, and leaves the drafts', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  const before = CACHE_MIGRATIONS.filter(({ version }) => version < 110);
  migrate(db, before);
  db.run(`INSERT INTO drafts (id, call_id, call, revision, content, state, created_at, updated_at, ticket_uid)
    VALUES ('d1', 'c1', NULL, 3, '{"title":"路灯"}', 'submitted', 1, 2, 't1')`);
  migrate(db, CACHE_MIGRATIONS.slice(0, before.length + 1));
  expect(db.pragma('user_version')).toBe(110);
  expect(db.all('SELECT id, revision, content, state, ticket_uid, joined_events, parent_uid FROM drafts')).toEqual([
    {
      id: 'd1',
      revision: 3,
      content: '{"title":"路灯"}',
      state: 'submitted',
      ticket_uid: 't1',
      joined_events: null,
      parent_uid: null,
    },
  ]);
  const plan = db.all<{ detail: string }>(
    `EXPLAIN QUERY PLAN SELECT * FROM drafts WHERE ticket_uid = 't1' AND joined_events IS NOT NULL`,
  );
  expect(plan.map((step) => step.detail).join()).toContain('drafts_joined');
  db.close();
});

test('0120 leaves drafts as they are, and keeps each file once and which tickets name it', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  const before = CACHE_MIGRATIONS.filter(({ version }) => version < 120);
  migrate(db, before);
  db.run(`INSERT INTO drafts (id, call_id, call, revision, content, state, created_at, updated_at, ticket_uid)
    VALUES ('d1', 'c1', NULL, 3, '{"title":"路灯"}', 'open', 1, 2, NULL)`);
  migrate(db, CACHE_MIGRATIONS.slice(0, before.length + 1));
  expect(db.pragma('user_version')).toBe(120);
  expect(db.all('SELECT id, revision, content, state FROM drafts')).toEqual([
    { id: 'd1', revision: 3, content: '{"title":"路灯"}', state: 'open' },
  ]);
  const add = (sha256: string, state: string) =>
    db.run(
      `INSERT INTO attachments (sha256, size, type, name, state, added_at, used_at) VALUES (?, 9, 'image/jpeg', '照片.jpg', ?, 5, 5)`,
      sha256,
      state,
    );
  const name = (uid: string) => db.run(`INSERT INTO attachment_refs (sha256, uid) VALUES ('f1', ?)`, uid);
  add('f1', 'held');
  expect(() => add('f1', 'held')).toThrow();
  expect(() => add('f2', 'lost')).toThrow();
  name('t1');
  name('t2');
  expect(() => name('t1')).toThrow();
  expect(
    db.all('SELECT sha256, found, sent_bytes, attempts, upload_id, last_error, last_detail FROM attachments'),
  ).toEqual([
    { sha256: 'f1', found: 0, sent_bytes: 0, attempts: 0, upload_id: null, last_error: null, last_detail: '' },
  ]);
  db.close();
});

test('0140 leaves the people, and finds them by their whole name by an index', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  const before = CACHE_MIGRATIONS.filter(({ version }) => version < 140);
  migrate(db, before);
  db.run(`INSERT INTO citizens (id, uid, centre, name, created_at, updated_at, version, base_version, doc)
    VALUES (7, 'c7', '320100', '王芳', 1, 2, 3, 3, '{"name":"王芳"}')`);
  migrate(db, CACHE_MIGRATIONS.slice(0, before.length + 1));
  expect(db.pragma('user_version')).toBe(140);
  const sql = 'SELECT uid, doc FROM citizens WHERE name = ? COLLATE NOCASE ORDER BY updated_at DESC';
  expect(db.all(sql, '王芳')).toEqual([{ uid: 'c7', doc: '{"name":"王芳"}' }]);
  expect(JSON.stringify(db.all(`EXPLAIN QUERY PLAN ${sql}`, '王芳'))).toContain('citizens_by_name');
  db.close();
});

test('a migrated cache is migrated again without a change', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(db, CACHE_MIGRATIONS);
  const before = db.value('SELECT total_changes()');
  migrate(db, CACHE_MIGRATIONS);
  expect(db.value('SELECT total_changes()')).toBe(before);
  db.close();
});

test('F4: a cache of a newer program is refused by name and left alone', () => {
  const path = `${tempFolder()}/a.db`;
  const newer = openEncrypted(path, KEY);
  migrate(newer, [...CACHE_MIGRATIONS, LATER]);
  newer.close();
  const db = openEncrypted(path, KEY);
  expect(() => migrate(db, CACHE_MIGRATIONS)).toThrow(expect.objectContaining({ code: 'DATABASE_NEWER' }) as Error);
  expect(db.pragma('user_version')).toBe(LATER.version);
  expect(db.value('SELECT count(*) FROM later')).toBe(0);
  db.close();
});

test('F3: a failing step leaves the version before it, whole and usable', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(db, CACHE_MIGRATIONS);
  const before = schemaOf(db);
  const failing: Migration = {
    version: LATER.version,
    name: 'failing',
    up(inside) {
      LATER.up(inside);
      inside.exec('CREATE TABLE drafts (a)');
    },
  };
  expect(() => migrate(db, [...CACHE_MIGRATIONS, failing])).toThrow();
  expect(db.pragma('user_version')).toBe(NOW);
  expect(schemaOf(db)).toEqual(before);
  migrate(db, [...CACHE_MIGRATIONS, LATER]);
  expect(db.pragma('user_version')).toBe(LATER.version);
  db.close();
});

test('F3: killed between any two statements of a step, the cache is before the step or after it', async () => {
  const folder = tempFolder();
  const script = new URL('../support/data/migrate-until-killed.ts', import.meta.url).pathname;
  const seen = new Set<unknown>();
  for (let statement = 0; statement <= 3; statement++) {
    const path = `${folder}/${statement}.db`;
    const first = openEncrypted(path, KEY);
    migrate(first, CACHE_MIGRATIONS);
    const before = schemaOf(first);
    first.close();
    const child = spawn(process.execPath, [script, path, KEY, String(statement)], { stdio: 'inherit' });
    const signal = await new Promise((resolve) => child.once('exit', (_code, how) => resolve(how)));
    expect(signal).toBe('SIGKILL');
    const db = openEncrypted(path, KEY);
    const version = db.pragma('user_version');
    seen.add(version);
    if (version === NOW) expect(schemaOf(db)).toEqual(before);
    else expect(db.value(`SELECT count(*) FROM sqlite_schema WHERE name IN ('step_a', 'step_b')`)).toBe(2);
    db.close();
  }
  expect(seen).toEqual(new Set([NOW, LATER.version]));
});

test('0150 has every article indexed again', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version < 150),
  );
  db.run(`INSERT INTO article_index (record_id, version, updated_at, is_published, published_at, is_waiting, feedback, title,
    focus, body) VALUES (1, 4, 5, 1, 5, 0, 0, '路灯', '路灯', '')`);
  migrate(db, CACHE_MIGRATIONS);
  expect(db.all('SELECT record_id, version FROM article_index')).toEqual([{ record_id: 1, version: -1 }]);
  db.close();
});

test('0170 finds the tickets of a call by an index, however many forms there are', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version < 170),
  );
  db.run(`INSERT INTO drafts (id, call, revision, content, state, created_at, updated_at, ticket_uid)
    VALUES ('d1', '{"callId":"c1"}', 1, '{}', 'submitted', 1, 2, 't1')`);
  migrate(db, CACHE_MIGRATIONS);
  const sql = `SELECT ticket_uid FROM drafts WHERE call ->> '$.callId' = ? AND ticket_uid IS NOT NULL`;
  expect(db.values(sql, 'c1')).toEqual(['t1']);
  expect(JSON.stringify(db.all(`EXPLAIN QUERY PLAN ${sql}`, 'c1'))).toContain('drafts_by_call');
  db.close();
});

test('0160 keeps the lost notes, and takes promises and files beside them', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version < 160),
  );
  db.run(`INSERT INTO lost_notes (event_id, ticket_uid, kind, text, at) VALUES ('e1', 't1', 'remind', '催一催', 5)`);
  migrate(db, CACHE_MIGRATIONS);
  db.run(`INSERT INTO lost_notes (event_id, ticket_uid, kind, text, at, ref, due_at)
    VALUES ('e2', 't1', 'promise_kept', '已回电', 6, 'e0', NULL)`);
  expect(db.all('SELECT event_id, kind, text, ref, due_at FROM lost_notes ORDER BY at')).toEqual([
    { event_id: 'e1', kind: 'remind', text: '催一催', ref: '', due_at: null },
    { event_id: 'e2', kind: 'promise_kept', text: '已回电', ref: 'e0', due_at: null },
  ]);
  db.close();
});

test('0180 keeps what was decided about refused operations, and knows no other decision', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(db, CACHE_MIGRATIONS);
  const keep = (id: string, decision: string) =>
    db.run(
      `INSERT INTO settled_ops (op_id, kind, uid, label, at, op, reason, detail, decision, decided_at)
       VALUES (?, 'ticket.amend', 't1', '路灯', 1, '{}', 'FIELDS_CHANGED', 'title', ?, 2)`,
      id,
      decision,
    );
  keep('o1', 'theirs');
  expect(() => keep('o2', 'lost')).toThrow();
  expect(db.values('SELECT op_id FROM settled_ops')).toEqual(['o1']);
  db.close();
});

test('0190 takes the work of another console, by the file it came in', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(db, CACHE_MIGRATIONS);
  const take = () =>
    db.run(`INSERT INTO carried_work (id, console, seat, name, saved_at, imported_at, operations, parts, total)
      VALUES ('f1', 'c1', '1001', '林晓雯', 1, 2, 3, '[]', 1)`);
  take();
  expect(take).toThrow();
  expect(db.all('SELECT done, results, problem FROM carried_work')).toEqual([{ done: 0, results: '[]', problem: '' }]);
  db.close();
});

test('0210 puts every ticket into the scope of its month and loses none; held rows, digest and count go along', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version < 210),
  );
  db.run(`INSERT INTO scopes (id, scope, epoch, seq, row_count, digest_hi, digest_lo, parity, deletes_held, pull_round, swept_round)
    VALUES (1, '320100:12345', 2, 9, 2, 1, 2, 'equal', 1, 4, 4), (2, '320100:citizens', 2, 5, 1, 1, 1, 'equal', 0, 0, 0)`);
  const add = (uid: string, at: number, scope: number | null, base: number) =>
    db.run(
      `INSERT INTO tickets (uid, scope_id, provisional_no, centre, status, caller_phone, created_at, is_mine, accepted_at, updated_at, version,
         base_version, text_hash, doc, pull_round) VALUES (?, ?, '', '320100', 'accepted', '', 0, 0, ?, 0, ?, ?, 0, '{}', 4)`,
      uid,
      scope,
      at,
      Math.max(1, base),
      base,
    );
  add('october', Date.UTC(2026, 9, 31, 15, 59), 1, 1);
  add('november', Date.UTC(2026, 9, 31, 16, 0), 1, 3);
  add('kept', Date.UTC(2026, 10, 2), 1, 0);
  add('own', Date.UTC(2026, 10, 2), null, 0);
  db.run(`INSERT INTO held_deletes (uid, scope, at) VALUES ('november', '320100:12345', 7)`);
  db.run(`INSERT INTO parked_rows (scope, seq, reason, raw, at) VALUES ('320100:12345', 4, 'unknown-data', '{}', 7)`);
  migrate(db, CACHE_MIGRATIONS);
  const placed = db.all(
    'SELECT t.uid, s.scope, t.base_version AS base FROM tickets t LEFT JOIN scopes s ON s.id = t.scope_id ORDER BY t.uid',
  );
  expect(placed).toEqual([
    { uid: 'kept', scope: '320100:12345:2026-11', base: 0 },
    { uid: 'november', scope: '320100:12345:2026-11', base: 3 },
    { uid: 'october', scope: '320100:12345:2026-10', base: 1 },
    { uid: 'own', scope: null, base: 0 },
  ]);
  const digest = addToDigest(EMPTY_DIGEST, 'november', 3);
  const begun = { epoch: 2, seq: 0, row_count: 1, deletes_held: 1, pull_round: 5, swept_round: 4 };
  expect(
    db.all(`SELECT scope, epoch, seq, row_count, deletes_held, pull_round, swept_round, digest_hi, digest_lo FROM scopes
    WHERE scope = '320100:12345:2026-11'`),
  ).toEqual([{ scope: '320100:12345:2026-11', ...begun, digest_hi: digest.hi, digest_lo: digest.lo }]);
  expect(db.values('SELECT scope FROM scopes ORDER BY scope')).toEqual([
    '320100:12345:2026-10',
    '320100:12345:2026-11',
    '320100:citizens',
  ]);
  expect(db.all('SELECT uid, scope FROM held_deletes')).toEqual([{ uid: 'november', scope: '320100:12345:2026-11' }]);
  // They come again with the pull from the start.
  expect(db.all('SELECT * FROM parked_rows')).toEqual([]);
  db.close();
});

test('0200 fills the due times in; limits that an older build passed over come with the pull from the start', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version < 200),
  );
  db.run(`INSERT INTO scopes (id, scope, epoch, seq, row_count, digest_hi, digest_lo, parity, deletes_held, pull_round, swept_round)
    VALUES (1, '320100:12345', 1, 9, 4, 1, 2, 'equal', 0, 3, 3)`);
  const add = (id: number, doc: object) =>
    db.run(
      `INSERT INTO tickets (id, uid, scope_id, provisional_no, centre, status, caller_phone, created_at, is_mine, updated_at, version,
         base_version, text_hash, doc) VALUES (?, ?, 1, '', '320100', 'handling', '', 5, 0, 5, 1, 1, 0, ?)`,
      id,
      `t${id}`,
      JSON.stringify({ fields: {}, ...doc }),
    );
  add(1, { dueAt: 90 });
  add(2, { dueAt: 90, clocks: { stage: 'sign', close: { dueAt: 90 }, dueAt: 40 } });
  add(3, { dueAt: 90, clocks: { stage: 'done', close: { dueAt: 90 } } });
  add(4, { events: [{ kind: 'promise', dueAt: 50 }] });
  migrate(db, CACHE_MIGRATIONS);
  expect(db.values('SELECT due_at FROM tickets ORDER BY id')).toEqual([null, 40, null, null]);
  expect(db.all('SELECT seq, pull_round, swept_round, parity FROM scopes')).toEqual([
    { seq: 0, pull_round: 4, swept_round: 3, parity: 'unknown' },
  ]);
  expect(db.all('SELECT status, tickets FROM status_counts')).toEqual([{ status: 'handling', tickets: 4 }]);
  db.close();
});

test('0220 finds forms that were given up, the last one first, without those nobody wrote into', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(db, CACHE_MIGRATIONS);
  const sql = `EXPLAIN QUERY PLAN SELECT * FROM drafts WHERE state = 'discarded' AND revision > 0 ORDER BY updated_at DESC LIMIT 5`;
  const plan = JSON.stringify(db.all(sql));
  expect(plan).toContain('drafts_discarded');
  expect(plan).not.toContain('TEMP B-TREE');
  db.close();
});

test('0240 keeps every ticket, supervised by nobody, and reads the queue off its index', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version < 240),
  );
  db.run(
    `INSERT INTO tickets (uid, provisional_no, centre, status, caller_phone, created_at, updated_at, version, base_version, is_mine, text_hash, doc)
     VALUES ('a', 'a', '320100', 'handling', '', 1, 1, 1, 1, 0, 0, '{}')`,
  );
  migrate(db, CACHE_MIGRATIONS);
  expect(db.values('SELECT order_due_at FROM tickets')).toEqual([null]);
  const sql =
    'SELECT id FROM tickets WHERE order_due_at IS NOT NULL AND (order_due_at, id) > (0, 0) ORDER BY order_due_at, id LIMIT 5';
  const plan = JSON.stringify(db.all(`EXPLAIN QUERY PLAN ${sql}`));
  expect(plan).toContain('tickets_by_order');
  expect(plan).not.toContain('TEMP B-TREE');
  db.close();
});

test('0260 puts answered tickets into the call list and open proposals of 并单 into their queue', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version < 260),
  );
  const add = (id: number, status: string, due: number | null, link: string | null) =>
    db.run(
      `INSERT INTO tickets (id, uid, provisional_no, centre, status, caller_phone, created_at, is_mine, updated_at, version, base_version,
         text_hash, due_at, parent_uid, doc) VALUES (?, ?, '', '320100', ?, '', 5, 0, 5, 1, 1, 0, ?, ?, ?)`,
      id,
      `t${id}`,
      status,
      due,
      link === null ? null : 't9',
      JSON.stringify({ fields: {}, ...(link === null ? {} : { link: { parentUid: 't9', state: link } }) }),
    );
  add(1, 'to_callback', 70, null);
  add(2, 'replied', null, null);
  add(3, 'handling', 60, 'proposed');
  add(4, 'merged', null, 'merged');
  add(5, 'closed', null, 'proposed');
  migrate(db, CACHE_MIGRATIONS);
  expect(db.all('SELECT id, call_due, call_from, is_proposed FROM tickets ORDER BY id')).toEqual([
    { id: 1, call_due: 70, call_from: 0, is_proposed: 0 },
    { id: 2, call_due: 5, call_from: 0, is_proposed: 0 },
    { id: 3, call_due: null, call_from: null, is_proposed: 1 },
    { id: 4, call_due: null, call_from: null, is_proposed: 0 },
    { id: 5, call_due: null, call_from: null, is_proposed: 0 },
  ]);
  db.close();
});

test('0270 keeps documents and finds out of indices which tickets were checked and what was appealed against', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version < 270),
  );
  db.run(
    `INSERT INTO records (uid, kind, centre, updated_at, version, base_version, doc)
     VALUES ('a', 'article', '320100', 1, 1, 1, '{"version":1}')`,
  );
  migrate(db, CACHE_MIGRATIONS);
  expect(db.values('SELECT doc FROM records')).toEqual(['{"version":1}']);
  const planOf = (sql: string) => JSON.stringify(db.all(`EXPLAIN QUERY PLAN ${sql}`));
  expect(planOf(`SELECT 1 FROM records WHERE kind = 'check' AND doc ->> '$.ticketUid' = 'a'`)).toContain(
    'checks_by_ticket',
  );
  const appealed = planOf(
    `SELECT id FROM records INDEXED BY checks_appealed WHERE kind = 'check' AND doc ->> '$.appeal.id' IS NOT NULL
       AND doc ->> '$.settled.id' IS NULL ORDER BY updated_at, id LIMIT 5`,
  );
  expect(appealed).toContain('checks_appealed');
  expect(appealed).not.toContain('TEMP B-TREE');
  expect(db.values('SELECT count(*) FROM check_drafts')).toEqual([0]);
  db.close();
});

/** A ticket of an older build, which the next step finds. */
const addTicket = (db: ReturnType<typeof openEncrypted>, status: string, doc: object) =>
  db.run(
    `INSERT INTO tickets (uid, provisional_no, centre, status, caller_phone, created_at, due_at, is_mine, updated_at, version,
       base_version, text_hash, doc) VALUES (?, '', '320100', ?, '', 5, 9, 0, 5, 1, 1, 0, ?)`,
    `t-${status}`,
    status,
    JSON.stringify(doc),
  );

test('0280 leaves the tickets and reads queues in the order of their limits off an index', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version < 280),
  );
  addTicket(db, 'handling', { unit: '区城管局' });
  const before = db.all('SELECT * FROM tickets');
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version <= 280),
  );
  const plan = db.all(
    "EXPLAIN QUERY PLAN SELECT id FROM tickets WHERE status = 'handling' AND due_at IS NOT NULL ORDER BY due_at LIMIT 5",
  );
  expect({ version: db.pragma('user_version'), tickets: db.all('SELECT * FROM tickets'), plan }).toEqual({
    version: 280,
    tickets: before,
    plan: [expect.objectContaining({ detail: expect.stringContaining('tickets_by_status_due') })],
  });
  db.close();
});

test('0290 leaves the tickets and counts those that lie with a unit off an index', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version < 290),
  );
  addTicket(db, 'handling', { unit: '区城管局' });
  addTicket(db, 'closed', { unit: '区城管局' });
  const before = db.all('SELECT * FROM tickets');
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version <= 290),
  );
  const count = `SELECT count(*) FROM tickets INDEXED BY tickets_with_unit WHERE doc ->> '$.unit' = '区城管局'
    AND status IN ('to_sign', 'handling', 'return_review', 'extension_review', 'on_account', 'redo')`;
  expect({
    version: db.pragma('user_version'),
    tickets: db.all('SELECT * FROM tickets'),
    count: db.values(count),
  }).toEqual({ version: 290, tickets: before, count: [1] });
  db.close();
});

test('0300 finds limits for 办结 of open tickets by an index, and keeps what was taken note of', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version <= 300),
  );
  const due = "doc ->> '$.clocks.close.dueAt'";
  const plan = JSON.stringify(
    db.all(`EXPLAIN QUERY PLAN SELECT ${due} FROM tickets INDEXED BY tickets_by_close_due WHERE status IN
      ('accepted', 'review', 'to_dispatch', 'to_sign', 'handling', 'return_review', 'extension_review', 'joint_review', 'redo')
      AND ${due} > 5 ORDER BY ${due} LIMIT 1`),
  );
  expect(plan).toContain('tickets_by_close_due');
  expect(plan).not.toContain('TEMP B-TREE');
  db.run(`INSERT INTO reminder_acks (ticket_uid, days, due_at, acked_at) VALUES ('t1', -1, 5, 6)`);
  migrate(db, [...CACHE_MIGRATIONS, LATER]);
  expect(db.all('SELECT ticket_uid, days, due_at FROM reminder_acks')).toEqual([
    { ticket_uid: 't1', days: -1, due_at: 5 },
  ]);
  db.close();
});

test('0310 keeps what waits for the index, in its first turn, and counts what is only here by an index', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version < 310),
  );
  db.run('INSERT INTO search_queue (ticket_id, new_text) VALUES (7, 0)');
  db.run('INSERT INTO citizen_queue (citizen_id) VALUES (9)');
  migrate(db, CACHE_MIGRATIONS);
  expect(db.all('SELECT * FROM search_queue')).toEqual([{ ticket_id: 7, new_text: 0, turn: 0 }]);
  expect(db.all('SELECT * FROM citizen_queue')).toEqual([{ citizen_id: 9, turn: 0 }]);
  const plan = db.all(
    "EXPLAIN QUERY PLAN SELECT count(DISTINCT uid) FROM outbox WHERE kind = 'ticket.create' AND base_version = 0",
  );
  expect(JSON.stringify(plan)).toContain('USING COVERING INDEX outbox_new_rows');
  db.close();
});

test('0320 puts what waits for a 联席研判 into its queue: a third 退单, and whatever nobody knows the owner of', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version < 320),
  );
  const add = (id: number, status: string, ownership: object | null) =>
    db.run(
      `INSERT INTO tickets (id, uid, provisional_no, centre, status, caller_phone, created_at, accepted_at, is_mine, updated_at, version, base_version,
         text_hash, doc) VALUES (?, ?, '', '320100', ?, '', 5, 6, 0, 5, 1, 1, 0, ?)`,
      id,
      `t${id}`,
      status,
      JSON.stringify({ fields: {}, handling: { ownership } }),
    );
  const marked = { since: 40, byName: '王敏', unit: '街道', safeAt: null, owner: null };
  add(1, 'joint_review', null);
  add(2, 'to_callback', marked);
  add(3, 'handling', { ...marked, owner: { unit: '区园林所', at: 50 } });
  add(4, 'merged', marked);
  add(5, 'handling', null);
  migrate(db, CACHE_MIGRATIONS);
  expect(db.values('SELECT joint_at FROM tickets ORDER BY id')).toEqual([6, 40, null, null, null]);
  const sql =
    'SELECT id FROM tickets WHERE joint_at IS NOT NULL AND (joint_at, id) > (0, 0) ORDER BY joint_at, id LIMIT 5';
  expect(JSON.stringify(db.all(`EXPLAIN QUERY PLAN ${sql}`))).toContain('tickets_by_joint');
  db.close();
});

test('0330 puts what waits for its citizen, and what lies elsewhere without a result, into their queues', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version < 330),
  );
  const add = (id: number, status: string, doc: object) =>
    db.run(
      `INSERT INTO tickets (id, uid, provisional_no, centre, status, caller_phone, created_at, accepted_at, is_mine, updated_at, version, base_version,
         text_hash, doc) VALUES (?, ?, '', '320100', ?, '', 5, 6, 0, 5, 1, 1, 0, ?)`,
      id,
      `t${id}`,
      status,
      JSON.stringify({ fields: {}, ...doc }),
    );
  const handed = { kind: 'handed_off', text: '110', at: 20 };
  const sent = (isEnabled: boolean) => ({
    kind: 'note',
    at: 30,
    overlay: { step: 'flow', receiver: 'police', isEnabled },
  });
  const result = (receiver: string) => ({ kind: 'note', at: 40, overlay: { step: 'flow_result', receiver } });
  add(1, 'handling', { handling: { waiting: { since: 1, until: 90 } } });
  add(2, 'closed', { handling: { waiting: { since: 1, until: 90 } } });
  add(3, 'handed_off', { events: [handed] });
  add(4, 'handed_off', { events: [handed, result('110')] });
  add(5, 'handling', { events: [handed, sent(true), result('110')] });
  add(6, 'handling', { events: [sent(false)] });
  add(7, 'closed', { events: [sent(true)] });
  migrate(db, CACHE_MIGRATIONS);
  expect(db.values('SELECT awaited_until FROM tickets ORDER BY id')).toEqual([90, ...Array(6).fill(null)]);
  expect(db.values('SELECT flow_at FROM tickets ORDER BY id')).toEqual([null, null, 20, null, 30, null, null]);
  db.close();
});

test('0380 knows of open tickets when their limit for 办结 runs out, and leaves their documents as they are', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version < 380),
  );
  addTicket(db, 'handling', { clocks: { close: { dueAt: 5 } } });
  addTicket(db, 'to_sign', { clocks: { close: { dueAt: 6 }, pausedSince: 1 } });
  addTicket(db, 'redo', { clocks: { close: { dueAt: 7 }, metAt: 1 } });
  addTicket(db, 'review', {});
  addTicket(db, 'closed', { clocks: { close: { dueAt: 8 } } });
  const before = db.values('SELECT doc FROM tickets ORDER BY id');
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version <= 380),
  );
  expect({
    version: db.pragma('user_version'),
    docs: db.values('SELECT doc FROM tickets ORDER BY id'),
    dues: db.values('SELECT close_due FROM tickets ORDER BY id'),
    answered: db.values('SELECT answered FROM tickets WHERE answered IS NOT NULL'),
    running: db.values('SELECT close_due FROM tickets INDEXED BY tickets_by_close_due WHERE close_due > 0'),
  }).toEqual({ version: 380, docs: before, dues: [5, null, null, null, null], answered: [], running: [5] });
  db.close();
});

test('0390 knows which tickets are open, and counts those of a caller out of the index alone', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version < 390),
  );
  for (const status of ['handling', 'submitted', 'closed', 'merged']) addTicket(db, status, {});
  db.run("UPDATE tickets SET caller_phone = '13800001234'");
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version <= 390),
  );
  const count = "SELECT count(*), sum(is_open) FROM tickets WHERE caller_phone = '13800001234' AND caller_phone <> ''";
  expect({
    version: db.pragma('user_version'),
    open: db.values('SELECT status FROM tickets WHERE is_open = 1 ORDER BY status'),
    counted: db.get(count),
    plan: db.get(`EXPLAIN QUERY PLAN ${count}`),
  }).toEqual({
    version: 390,
    open: ['handling', 'submitted'],
    counted: { 'count(*)': 4, 'sum(is_open)': 2 },
    plan: expect.objectContaining({ detail: expect.stringContaining('COVERING INDEX tickets_by_phone') }),
  });
  db.close();
});

test('0400 begins with no record that came ahead of the pull: those of before stay what they are', () => {
  const db = openEncrypted(`${tempFolder()}/a.db`, KEY);
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version < 400),
  );
  db.run(`INSERT INTO citizens (uid, centre, name, created_at, updated_at, version, base_version, doc)
    VALUES ('c1', '320100', '王芳', 5, 5, 1, 0, '{}')`);
  migrate(
    db,
    CACHE_MIGRATIONS.filter(({ version }) => version <= 400),
  );
  expect({
    version: db.pragma('user_version'),
    early: db.values('SELECT uid FROM early_citizens'),
    citizens: db.values('SELECT uid FROM citizens'),
  }).toEqual({ version: 400, early: [], citizens: ['c1'] });
  db.close();
});
