import type { ModelRow } from './copy-text.ts';
import { STATEMENTS_OF_SEGMENTS } from './statements-of-segments.ts';
import { STATEMENTS_OF_CHECKS, STATEMENTS_OF_UNITS, textOf } from './statements-of-work.ts';
import type { Statement } from './tables.ts';

const list = (value: unknown): readonly string[] => value as readonly string[];
const found = (rows: readonly (ModelRow | undefined)[]): { rows: readonly ModelRow[] } => ({
  rows: rows.filter((row) => row !== undefined),
});
const none: Statement = () => ({ rows: [] });
const parse = (value: unknown): readonly ModelRow[] => JSON.parse(String(value)) as readonly ModelRow[];

/** Rows of a scope after a position and not beyond another, in the order of their changes. */
const page =
  (table: 'tickets' | 'citizens' | 'records'): Statement =>
  ({ tables }, [scope, after, until, limit]) => ({
    rows: [...tables[table].values()]
      .filter((row) => row.scope === scope && Number(row.seq) > Number(after) && Number(row.seq) <= Number(until))
      .sort((a, b) => Number(a.seq) - Number(b.seq))
      .slice(0, Number(limit)),
  });

/** LIKE with single-character wildcards only. */
const isLike = (text: string, patterns: readonly string[]) =>
  patterns.some((pattern) => new RegExp(`^${pattern.replaceAll('_', '.')}$`).test(text));

/** Events as they happened at the server. */
const inOrder = (a: ModelRow, b: ModelRow) =>
  Number(a.version) - Number(b.version) ||
  Number(a.position) - Number(b.position) ||
  (String(a.id) < String(b.id) ? -1 : 1);

const NAMED: Readonly<Record<string, Statement>> = {
  'lock-console': ({ tables, put }, [id, incarnation, centre, userId, schema, now]) => {
    const key = `${id}/${incarnation}`;
    const known = tables.consoles.get(key) ?? { last_s: 0, centre };
    const row = { ...known, user_id: userId, schema_version: schema, last_seen_at: now };
    put('consoles', key, row);
    return { rows: [row] };
  },
  'advance-console': ({ tables, put }, [id, incarnation, lastS]) => {
    put('consoles', `${id}/${incarnation}`, { ...tables.consoles.get(`${id}/${incarnation}`), last_s: lastS });
    return { rows: [], count: 1 };
  },
  'load-answered': ({ tables }, [opIds]) => ({
    rows: [...tables.opLog.values()]
      .filter(({ op_id }) => list(opIds).includes(String(op_id)))
      .reverse()
      .sort((a, b) => Number(b.received_at) - Number(a.received_at)),
  }),
  'load-tickets': ({ tables }, [uids]) => found(list(uids).map((uid) => tables.tickets.get(uid))),
  'load-citizens': ({ tables }, [uids]) => found(list(uids).map((uid) => tables.citizens.get(uid))),
  'load-citizen-history': ({ tables }, [uids, versions]) => ({
    rows: [...tables.history.values()].filter((row) => {
      const index = list(uids).indexOf(String(row.uid));
      return index >= 0 && Number(row.version) >= Number((versions as number[])[index]);
    }),
  }),
  'load-events': ({ tables }, [uids, ids]) => ({
    rows: list(uids).flatMap((uid) =>
      (tables.events.get(uid) ?? []).filter(({ id }) => list(ids).includes(String(id))),
    ),
  }),
  // No handling unit has a system of its own here.
  'unit-news': none,
  // Nor has anybody else that tickets go on to.
  'begin-flows': none,
  'answer-flows': none,
  'load-related': ({ tables }, [parents, children]) => ({
    rows: [
      ...[...tables.tickets.values()].filter(
        ({ parent_uid, status }) => status === 'merged' && list(parents).includes(String(parent_uid)),
      ),
      ...list(children).flatMap((uid) => {
        const parent = tables.tickets.get(uid)?.parent_uid;
        return parent ? [{ uid: parent }] : [];
      }),
    ],
  }),
  'load-children': ({ tables }, [parents]) => ({
    rows: [...tables.tickets.values()].filter(({ parent_uid }) => list(parents).includes(String(parent_uid))),
  }),
  'load-recent': ({ tables }, [phones, since, oldest, centre, console, categories, lines]) => ({
    rows: [...tables.tickets.values()].filter(
      (row) =>
        list(phones).some(
          (phone, index) =>
            phone === row.caller_phone &&
            list(categories)[index] === row.category_code &&
            list(lines)[index] === row.line,
        ) &&
        row.centre === centre &&
        (Number(row.accepted_at) >= Number(since) ||
          (row.console === console && Number(row.created_at) >= Number(oldest))),
    ),
  }),
  'raise-clocks': ({ tables, put }, [changes]) => ({
    rows: parse(changes).flatMap(({ scope, rows, count, hi, lo }) => {
      const clock = tables.clocks.get(String(scope));
      if (!clock) return [];
      const raised = {
        ...clock,
        value: Number(clock.value) + Number(rows),
        count: Number(clock.count) + Number(count),
        digest_hi: (Number(clock.digest_hi) + Number(hi)) % 4_294_967_296,
        digest_lo: (Number(clock.digest_lo) + Number(lo)) % 4_294_967_296,
      };
      put('clocks', String(scope), raised);
      return [raised];
    }),
  }),
  'take-numbers': ({ tables }, [count, scopes]) => ({
    // A sequence: what a rollback took is not given again.
    rows: list(scopes).every((scope) => tables.clocks.has(scope))
      ? [{ numbers: Array.from({ length: Number(count) }, () => ++tables.lastNumber) }]
      : [{ numbers: null }],
  }),
  'touch-tickets': ({ tables, put }, [touched, now]) => {
    let count = 0;
    for (const touch of parse(touched)) {
      const row = tables.tickets.get(String(touch.uid));
      if (!row || row.version !== touch.from_version) continue;
      const link = touch.is_linked_anew ? { link: touch.link, parent_uid: touch.parent_uid } : {};
      put('tickets', String(touch.uid), { ...row, ...link, seq: touch.seq, version: touch.version, updated_at: now });
      count++;
    }
    return { rows: [], count };
  },
  'load-courses': ({ tables }, [uids]) => ({
    rows: list(uids).flatMap((uid) => {
      const row = tables.tickets.get(uid);
      if (!row) return [];
      const events = [...(tables.events.get(uid) ?? [])].sort(inOrder);
      const last = events.findLast(({ act }) => act != null);
      const { replies, fields } = row.doc as { readonly replies: unknown; readonly fields: unknown };
      return [
        {
          ...row,
          replies,
          matter: { categoryCode: row.category_code, type: row.type, urgency: textOf(fields, 'urgency') },
          markers: (fields as { readonly markers?: unknown }).markers ?? [],
          numberless: textOf((fields as { readonly caller?: unknown }).caller, 'phone') === '',
          reminded: events.some(({ kind }) => kind === 'remind'),
          last: last
            ? {
                from: last.from_status,
                to: last.to_status,
                act: last.act,
                actorId: last.actor_id,
                actorName: last.actor_name,
                version: last.version,
                words: last.body,
              }
            : null,
          overlays: events.flatMap(({ id, overlay, kind, version, actor_id: actorId, body: text }) =>
            overlay || kind === 'handed_off' ? [{ id, overlay, kind, version, actorId, text }] : [],
          ),
        },
      ];
    }),
  }),
  'move-tickets': ({ tables, put }, [moved]) => {
    const rows = parse(moved);
    for (const { uid, ...changes } of rows)
      put('tickets', String(uid), { ...tables.tickets.get(String(uid)), ...changes });
    return { rows: [], count: rows.length };
  },
  'known-clocks': ({ tables }, [scopes]) => found(list(scopes).map((scope) => tables.clocks.get(scope))),
  'read-clocks': ({ tables }, [scopes]) => found(list(scopes).map((scope) => tables.clocks.get(scope))),
  'read-tickets': page('tickets'),
  'read-citizens': page('citizens'),
  'read-records': page('records'),
  ...STATEMENTS_OF_CHECKS,
  'read-gone': ({ tables }, [scope, after, until, limit]) => ({
    rows: [...tables.gone.values()]
      .filter((row) => row.scope === scope && Number(row.seq) > Number(after) && Number(row.seq) <= Number(until))
      .sort((a, b) => Number(a.seq) - Number(b.seq))
      .slice(0, Number(limit))
      .map(({ kind, seq, uid }) => ({ table: kind, scope, seq, uid })),
  }),
  'read-events': ({ tables }, [uids]) => ({
    rows: list(uids).flatMap((uid) => [...(tables.events.get(uid) ?? [])].sort(inOrder)),
  }),
};

const BY_BEGINNING: readonly (readonly [string, Statement])[] = [
  ...STATEMENTS_OF_UNITS,
  ...STATEMENTS_OF_SEGMENTS,
  [
    'SELECT s, hash, result FROM op_log',
    ({ tables }, [console, incarnation, numbers]) =>
      found((numbers as readonly number[]).map((s) => tables.opLog.get(`${console}/${incarnation}/${s}`))),
  ],
  [
    'SELECT scope, epoch, value, count FROM clocks',
    ({ tables }, [scopes, patterns]) => ({
      rows: [...tables.clocks.values()]
        .filter(({ scope }) => list(scopes).includes(String(scope)) || isLike(String(scope), list(patterns)))
        .sort((a, b) => (String(a.scope) < String(b.scope) ? -1 : 1)),
    }),
  ],
  [
    'INSERT INTO clocks',
    ({ tables, put }, [scopes]) => {
      const epoch = Math.max(1, ...[...tables.clocks.values()].map((clock) => Number(clock.epoch)));
      const fresh = { epoch, value: 0, count: 0, digest_hi: 0, digest_lo: 0, gone_floor: 0, packed_floor: 0 };
      for (const scope of list(scopes)) if (!tables.clocks.has(scope)) put('clocks', scope, { scope, ...fresh });
      return { rows: [] };
    },
  ],
  ['DELETE FROM citizen_phones', none],
  [
    'INSERT INTO citizen_history',
    ({ insert }, [rows]) => {
      for (const row of parse(rows)) {
        insert('history', `${row.citizen_uid}/${row.version}`, { ...row, uid: row.citizen_uid });
      }
      return { rows: [] };
    },
  ],
  [
    'UPDATE citizens SET seq',
    ({ tables, put }, [changed, now]) => {
      for (const { uid, ...changes } of parse(changed)) {
        put('citizens', String(uid), { ...tables.citizens.get(String(uid)), ...changes, updated_at: now });
      }
      return { rows: [] };
    },
  ],
];

/** A gap of the model, not of what it tests: nobody is to take it for a database that is away. */
export class UnknownStatement extends Error {}

/** @throws Error for a statement the model does not know: it has to learn it, or the simulation would prove nothing */
export function findStatement(name: string | null, text: string): Statement {
  const named = name === null ? undefined : NAMED[name];
  const statement = named ?? BY_BEGINNING.find(([beginning]) => text.trimStart().startsWith(beginning))?.[1];
  if (!statement) throw new UnknownStatement(`the model database does not know: ${name ?? text}`);
  return statement;
}
