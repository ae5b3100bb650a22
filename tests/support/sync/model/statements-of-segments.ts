import type { ModelRow } from './copy-text.ts';
import type { Statement, Tables } from './tables.ts';

const list = (value: unknown): readonly string[] => value as readonly string[];
const of = (tables: Tables, scope: unknown) => [...tables.segments.values()].filter((row) => row.scope === scope);
const byEnd = (a: ModelRow, b: ModelRow) => Number(a.until) - Number(b.until);

/** True for a manifest of which a row was removed, or somebody erased, since it was made. */
function isRemoved(tables: Tables, { scope, seq }: ModelRow): boolean {
  const clock = tables.clocks.get(String(scope));
  const floor = Math.max(Number(clock?.gone_floor ?? 0), Number(clock?.packed_floor ?? 0));
  return (
    Number(seq) < floor || [...tables.gone.values()].some((row) => row.scope === scope && Number(row.seq) > Number(seq))
  );
}

/** The manifest of a scope in its present epoch. */
function manifestOf(tables: Tables, scope: unknown): ModelRow | null {
  const manifest = tables.manifests.get(String(scope));
  const clock = tables.clocks.get(String(scope));
  return manifest && clock?.epoch === manifest.epoch && Number(manifest.seq) <= Number(clock?.value) ? manifest : null;
}

/** Changes some segments, or takes them away. */
const each =
  (
    choose: (tables: Tables, values: readonly unknown[]) => readonly ModelRow[],
    change: (row: ModelRow, values: readonly unknown[]) => ModelRow | null,
  ): Statement =>
  ({ tables, put, remove }, values) => {
    const chosen = choose(tables, values);
    for (const row of chosen) {
      const changed = change(row, values);
      if (changed) put('segments', String(row.id), changed);
      else remove('segments', String(row.id));
    }
    return { rows: [], count: chosen.length };
  };
const gone = () => null;
const named = (place: number) => (tables: Tables, values: readonly unknown[]) =>
  [...tables.segments.values()].filter(({ id }) => list(values[place]).includes(String(id)));
/** Segments of a scope beside some of them. */
const others = (tables: Tables, [scope, , ids]: readonly unknown[]) =>
  of(tables, scope).filter(({ id }) => !list(ids).includes(String(id)));

/** Statements by which segments are made and given out, by their beginning. There is one format here. */
export const STATEMENTS_OF_SEGMENTS: readonly (readonly [string, Statement])[] = [
  [
    'SELECT c.scope, c.epoch, c.value, c.count, m.seq, m.made_at',
    ({ tables }, [fromRows]) => ({
      rows: [...tables.clocks.values()]
        .filter(({ scope, count }) => Number(count) >= Number(fromRows) || of(tables, scope).length > 0)
        .map(({ scope, epoch, value, count }) => {
          const manifest = manifestOf(tables, scope);
          const { seq = null, made_at = null } = manifest ?? {};
          return {
            scope,
            epoch,
            value,
            count,
            seq,
            made_at,
            removed: manifest !== null && isRemoved(tables, manifest),
          };
        }),
    }),
  ],
  [
    'SELECT id, after_seq AS after, until_seq',
    ({ tables }, [scope, epoch]) => ({
      rows: of(tables, scope)
        .filter((one) => one.epoch === epoch && one.retired_at === null && one.rows === rowsIn(tables, one))
        .sort(byEnd),
    }),
  ],
  [
    'INSERT INTO segments',
    ({ insert }, [id, scope, epoch, format, after, until, rows, changes, size, sha256, data, retired_at]) => {
      insert('segments', String(id), {
        ...{ id, scope, epoch, format, after, until, rows, changes, size, sha256, data, retired_at },
      });
      return { rows: [], count: 1 };
    },
  ],
  [
    'INSERT INTO segment_manifests',
    ({ put }, [scope, format, made_at]) => {
      put('manifests', String(scope), { scope, format, epoch: 0, seq: 0, made_at });
      return { rows: [], count: 1 };
    },
  ],
  [
    'UPDATE segment_manifests SET epoch',
    ({ tables, put }, [scope, , epoch, seq, made_at, begun]) => {
      const manifest = tables.manifests.get(String(scope));
      if (manifest?.made_at !== begun) return { rows: [], count: 0 };
      put('manifests', String(scope), { ...manifest, epoch, seq, made_at });
      return { rows: [], count: 1 };
    },
  ],
  [
    'UPDATE segments SET retired_at = $4',
    each(
      (tables, values) => others(tables, values).filter(({ retired_at }) => retired_at === null),
      (row, values) => ({ ...row, retired_at: values[3] }),
    ),
  ],
  ['UPDATE segments SET retired_at = NULL', each(named(0), (row) => ({ ...row, retired_at: null }))],
  ['DELETE FROM segments WHERE scope = $1 AND format', each(others, gone)],
  ['DELETE FROM segments WHERE id = ANY', each(named(0), gone)],
  [
    'DELETE FROM segments WHERE scope = ANY',
    each((tables, [scopes]) => list(scopes).flatMap((scope) => of(tables, scope)), gone),
  ],
  [
    'DELETE FROM segments WHERE retired_at <',
    each(
      (tables, [before]) =>
        [...tables.segments.values()].filter(
          ({ retired_at }) => retired_at !== null && Number(retired_at) < Number(before),
        ),
      gone,
    ),
  ],
  [
    'DELETE FROM segment_manifests WHERE scope = ANY',
    ({ remove }, [scopes]) => {
      for (const scope of list(scopes)) remove('manifests', scope);
      return { rows: [] };
    },
  ],
  ['WITH old AS (DELETE FROM segment_manifests', () => ({ rows: [] })],
  [
    'SELECT m.seq FROM segment_manifests',
    ({ tables }, [scope]) => {
      const manifest = manifestOf(tables, scope);
      return { rows: manifest && !isRemoved(tables, manifest) ? [manifest] : [] };
    },
  ],
  [
    'SELECT id, until_seq AS until',
    ({ tables }, [scope, after]) => ({
      rows: of(tables, scope)
        .filter(({ retired_at, until }) => retired_at === null && Number(until) > Number(after))
        .map(({ id, until, changes, size, sha256 }) => ({ id, until, changes, size, sha256 }))
        .sort(byEnd),
    }),
  ],
  [
    'SELECT s.scope, s.data FROM segments',
    ({ tables }, [id]) => {
      const segment = tables.segments.get(String(id));
      const manifest = segment && manifestOf(tables, segment.scope);
      return { rows: segment && manifest && !isRemoved(tables, manifest) ? [segment] : [] };
    },
  ],
];

/** How many of a segment's rows are still as it says. */
function rowsIn(tables: Tables, { scope, after, until }: ModelRow): number {
  return [...tables.tickets.values(), ...tables.citizens.values()].filter(
    (row) => row.scope === scope && Number(row.seq) > Number(after) && Number(row.seq) <= Number(until),
  ).length;
}
