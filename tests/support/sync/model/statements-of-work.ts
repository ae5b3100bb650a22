import type { ModelRow } from './copy-text.ts';
import type { Statement } from './tables.ts';

const list = (value: unknown): readonly string[] => value as readonly string[];
const of = (table: ReadonlyMap<string, ModelRow>, uids: unknown): readonly ModelRow[] =>
  list(uids).flatMap((uid): readonly ModelRow[] => {
    const row = table.get(uid);
    return row ? [row] : [];
  });

/** The ticket of a centre, when it is on one of some lines. */
const reached = (table: ReadonlyMap<string, ModelRow>, centre: unknown, lines: unknown, uid: unknown) =>
  of(table, [uid]).filter((row) => row.centre === centre && list(lines).includes(String(row.line)));

/** A member of a document, as PostgreSQL reads it out of one. */
export const textOf = (document: unknown, member: string): unknown =>
  (document as Readonly<Record<string, unknown>>)[member] ?? null;

/** Statements of decisions, checks and their documents, by name. */
export const STATEMENTS_OF_CHECKS: Readonly<Record<string, Statement>> = {
  'load-texts': ({ tables }, [uids]) => ({ rows: of(tables.tickets, uids) }),
  'load-checked': ({ tables }, [uids]) => ({
    rows: of(tables.tickets, uids).map((row) => ({ ...row, createdById: textOf(row.doc, 'createdById') })),
  }),
  'load-records': ({ tables }, [uids]) => ({ rows: of(tables.records, uids) }),
};

/** Statements of units and of what the centre does by rule, by their beginning; those that rewrite single columns, too. */
export const STATEMENTS_OF_UNITS: readonly (readonly [string, Statement])[] = [
  ['SELECT doc FROM tickets WHERE uid', ({ tables }, [uid]) => ({ rows: of(tables.tickets, [uid]) })],
  [
    'UPDATE tickets SET doc',
    ({ tables, put }, [uid, doc]) => {
      put('tickets', String(uid), { ...tables.tickets.get(String(uid)), doc: JSON.parse(String(doc)) });
      return { rows: [], count: 1 };
    },
  ],
  [
    'UPDATE records SET seq',
    ({ tables, put }, [changed, now]) => {
      for (const { uid, ...changes } of JSON.parse(String(changed)) as readonly ModelRow[]) {
        put('records', String(uid), { ...tables.records.get(String(uid)), ...changes, updated_at: now });
      }
      return { rows: [] };
    },
  ],
  [
    'SELECT op_id FROM op_log WHERE op_id',
    ({ tables }, [centre, lines, uid, ids]) => ({
      rows: reached(tables.tickets, centre, lines, uid).flatMap(() =>
        of(tables.opLogById, ids)
          .filter((op) => op.uid === uid)
          .slice(0, 1),
      ),
    }),
  ],
  [
    'SELECT unit, handling FROM tickets WHERE',
    ({ tables }, [centre, lines, uid]) => ({ rows: reached(tables.tickets, centre, lines, uid) }),
  ],
  ['SELECT status, version, due_at FROM tickets', ({ tables }, [uid]) => ({ rows: of(tables.tickets, [uid]) })],
  [
    "SELECT uid FROM tickets WHERE status = 'return_review'",
    ({ tables }, [after, limit]) => ({
      rows: [...tables.tickets.values()]
        .filter(({ uid, status }) => status === 'return_review' && String(uid) > String(after))
        .sort((a, b) => (String(a.uid) < String(b.uid) ? -1 : 1))
        .slice(0, Number(limit)),
    }),
  ],
];
