import type { TicketFilter } from '#shared/contract/tickets.contract.ts';
import { divisionPrefix } from '#shared/domain/division.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { OpenDb } from '../db/sqlite.ts';
import type { Facet, Facets } from './facet-columns.ts';
import { type FacetFilter, FacetTable } from './facet-table.ts';

/** Tables of the search file. Values lie in a dictionary: a ticket's row is seven small numbers. */
export const FACET_TABLES = `
  CREATE TABLE facet_values (
    id INTEGER PRIMARY KEY,
    facet TEXT NOT NULL,
    value TEXT NOT NULL,
    label TEXT NOT NULL,
    UNIQUE (facet, value)
  ) STRICT;
  CREATE TABLE ticket_facets (
    number INTEGER PRIMARY KEY,
    status INTEGER NOT NULL,
    category INTEGER NOT NULL,
    division INTEGER NOT NULL,
    unit INTEGER NOT NULL,
    agent INTEGER NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
`;

/** Something to choose in a filter. */
export interface FacetChoice {
  readonly value: string;
  readonly label: string;
}

export interface FacetStore {
  readonly table: FacetTable;
  /** False until all rows that lie on the disk are in memory: older tickets may be missing in filtered lists. */
  readonly isLoaded: boolean;
  /** Reads some rows, newest first. @returns false when all are there */
  load(): boolean;
  /** Enters a ticket that has a number; inside the transaction of the index. */
  put(ticket: Ticket): void;
  /** Writes new dictionary entries; the last thing before the index commits. They are written again until `committed`. */
  flush(): void;
  committed(): void;
  /** The filter in numbers, or null when nothing in the index can match it. */
  compile(filter: TicketFilter): FacetFilter | null;
  /** Units or agents that tickets have, by their names. */
  choices(facet: 'unit' | 'agent'): readonly FacetChoice[];
}

const CHUNK = 2_000;

interface ValueRow {
  readonly id: number;
  readonly facet: Facet;
  readonly value: string;
  readonly label: string;
}

type FacetRow = Facets & { readonly number: number };

/** Who made a ticket, as a filter names them: the account, or the name where there is none (imported tickets). */
export function agentKey(ticket: Pick<Ticket, 'createdById' | 'createdByName'>): string {
  return ticket.createdById ?? `=${ticket.createdByName}`;
}

/** The moment a ticket is listed under. */
export function listedAt(ticket: Pick<Ticket, 'acceptedAt' | 'createdAt'>): number {
  return ticket.acceptedAt ?? ticket.createdAt;
}

/** True when a ticket is what the filter asks for; the same rule as the table's, on the ticket itself. */
export function passesFilter(ticket: Ticket, filter: TicketFilter): boolean {
  const { statuses, category, division, units, agents, from, to } = filter;
  const at = listedAt(ticket);
  return (
    (!statuses || statuses.includes(ticket.status)) &&
    (!category || isUnder(category, ticket.fields.categoryCode)) &&
    (!division || isUnder(divisionPrefix(division), ticket.fields.place.divisionCode)) &&
    (!units || (ticket.unit !== null && units.includes(ticket.unit))) &&
    (!agents || agents.includes(agentKey(ticket))) &&
    (from === undefined || at >= from) &&
    (to === undefined || at < to)
  );
}

function isUnder(prefix: string, code: string | null): boolean {
  return code?.startsWith(prefix) === true;
}

/** Opens the facets of a search file. The newest are in memory at once, the others come by `load`. */
export function createFacetStore(index: OpenDb): FacetStore {
  const table = new FacetTable();
  const rows = new Map<string, ValueRow>();
  const keyOf = (facet: Facet, value: string) => `${facet} ${value}`;
  for (const row of index.all<ValueRow>('SELECT id, facet, value, label FROM facet_values')) {
    rows.set(keyOf(row.facet, row.value), row);
  }
  let lastId = [...rows.values()].reduce((highest, { id }) => Math.max(highest, id), 0);
  /** Entries that are in memory and, until a commit, perhaps nowhere else: their numbers must never mean something else. */
  const unsaved = new Map<number, ValueRow>();
  let below = Number.MAX_SAFE_INTEGER;
  let isLoaded = false;

  const idOf = (facet: Facet, value: string | null, label = ''): number => {
    if (value === null || value === '') return 0;
    const key = keyOf(facet, value);
    const known = rows.get(key);
    if (known && known.label === label) return known.id;
    const row = { id: known?.id ?? ++lastId, facet, value, label };
    rows.set(key, row);
    unsaved.set(row.id, row);
    return row.id;
  };

  /** Dictionary numbers of the values of a facet that fit. */
  const idsOf = (facet: Facet, fits: (value: string) => boolean): ReadonlySet<number> => {
    const ids = new Set<number>();
    for (const row of rows.values()) if (row.facet === facet && fits(row.value)) ids.add(row.id);
    return ids;
  };

  const load = (): boolean => {
    if (isLoaded) return false;
    const chunk = index.all<FacetRow>(
      `SELECT number, status, category, division, unit, agent, at FROM ticket_facets WHERE number < ?
       ORDER BY number DESC LIMIT ?`,
      below,
      CHUNK,
    );
    for (const row of chunk) table.set(row.number, row);
    below = chunk.at(-1)?.number ?? 0;
    isLoaded = chunk.length < CHUNK;
    return !isLoaded;
  };
  load();

  return {
    table,
    get isLoaded() {
      return isLoaded;
    },
    load,
    put: (ticket) => {
      if (ticket.number === null) return;
      const facets: Facets = {
        status: idOf('status', ticket.status),
        category: idOf('category', ticket.fields.categoryCode),
        division: idOf('division', ticket.fields.place.divisionCode),
        unit: idOf('unit', ticket.unit),
        agent: idOf('agent', agentKey(ticket), ticket.createdByName),
        at: Math.floor(listedAt(ticket) / 1_000),
      };
      index.run(
        `INSERT OR REPLACE INTO ticket_facets (number, status, category, division, unit, agent, at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        ticket.number,
        facets.status,
        facets.category,
        facets.division,
        facets.unit,
        facets.agent,
        facets.at,
      );
      table.set(ticket.number, facets);
    },
    flush: () => {
      for (const { id, facet, value, label } of unsaved.values()) {
        index.run(
          'INSERT OR REPLACE INTO facet_values (id, facet, value, label) VALUES (?, ?, ?, ?)',
          id,
          facet,
          value,
          label,
        );
      }
    },
    committed: () => unsaved.clear(),
    compile: ({ statuses, category, division, units, agents, from, to }) => {
      const prefix = division && divisionPrefix(division);
      const filter: FacetFilter = {
        status: statuses ? idsOf('status', (value) => statuses.some((status) => status === value)) : null,
        category: category ? idsOf('category', (value) => value.startsWith(category)) : null,
        division: prefix ? idsOf('division', (value) => value.startsWith(prefix)) : null,
        unit: units ? idsOf('unit', (value) => units.includes(value)) : null,
        agent: agents ? idsOf('agent', (value) => agents.includes(value)) : null,
        // Rounded outwards: the ticket itself is looked at in the end.
        from: from === undefined ? null : Math.floor(from / 1_000),
        to: to === undefined ? null : Math.ceil(to / 1_000),
      };
      const { status, unit, agent } = filter;
      const isHopeless = [status, filter.category, filter.division, unit, agent].some((ids) => ids?.size === 0);
      return isHopeless ? null : filter;
    },
    choices: (facet) => {
      const used = table.used(facet);
      return [...rows.values()]
        .filter((row) => row.facet === facet && used.has(row.id))
        .map(({ value, label }) => ({ value, label: label || value }))
        .sort((a, b) => a.label.localeCompare(b.label, 'zh-CN'));
    },
  };
}
