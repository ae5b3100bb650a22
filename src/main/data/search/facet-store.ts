import type { TicketFilter } from '#shared/contract/tickets.contract.ts';
import { divisionPrefix } from '#shared/domain/division.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { OpenDb } from '../db/sqlite.ts';
import type { Facet, Facets } from './facet-columns.ts';
import { agentKey, type FacetDictionary, type FacetValue, listedAt, openFacetDictionary } from './facet-dictionary.ts';
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
  /** Its dictionary; what is put there has to be entered here as well. */
  readonly dictionary: FacetDictionary;
  /** Enters rows that were committed, and values that were new with them. */
  enter(rows: Iterable<FacetRow>, entries: readonly FacetValue[]): void;
  /** The filter in numbers, or null when nothing in the index can match it. */
  compile(filter: TicketFilter): FacetFilter | null;
  /** Units or agents that tickets have, by their names. */
  choices(facet: 'unit' | 'agent'): readonly FacetChoice[];
}

const CHUNK = 2_000;

/** A ticket in numbers. */
export type FacetRow = Facets & { readonly number: number };

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
  const dictionary = openFacetDictionary(index);
  let below = Number.MAX_SAFE_INTEGER;
  let isLoaded = false;

  /** Dictionary numbers of the values of a facet that fit. */
  const idsOf = (facet: Facet, fits: (value: string) => boolean): ReadonlySet<number> => {
    const ids = new Set<number>();
    for (const row of dictionary.values()) if (row.facet === facet && fits(row.value)) ids.add(row.id);
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
    dictionary,
    enter: (rows, entries) => {
      dictionary.adopt(entries);
      for (const row of rows) table.set(row.number, row);
    },
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
      return [...dictionary.values()]
        .filter((row) => row.facet === facet && used.has(row.id))
        .map(({ value, label }) => ({ value, label: label || value }))
        .sort((a, b) => a.label.localeCompare(b.label, 'zh-CN'));
    },
  };
}
