import type { Ticket } from '#shared/domain/ticket.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';
import { FACETS, type Facet, type Facets } from './facet-columns.ts';

/** A value that tickets have in a facet, with its number. */
export interface FacetValue {
  readonly id: number;
  readonly facet: Facet;
  readonly value: string;
  readonly label: string;
}

/** By what a ticket is filtered, in words; `at` in seconds. */
export interface TicketFacets {
  readonly number: number;
  readonly status: string;
  readonly category: string | null;
  readonly division: string | null;
  readonly unit: string | null;
  readonly agent: string;
  readonly agentName: string;
  readonly at: number;
}

/**
 * Numbers for the values of facets, so that a ticket's row is seven small numbers. One writes at a time, and whoever begins to write when somebody else
 * may have written has to read first ({@link FacetDictionary.distrust}): a number must never mean two things.
 */
export interface FacetDictionary {
  values(): Iterable<FacetValue>;
  /** Takes over entries of whoever else writes them. */
  adopt(entries: readonly FacetValue[]): void;
  /** Writes a ticket's row; inside the transaction of the index. @returns it in numbers */
  put(ticket: TicketFacets): Facets;
  /** Writes new entries; the last thing before the index commits. */
  flush(): void;
  /** @returns entries that were new */
  committed(): readonly FacetValue[];
  /** What is in memory may not be what is on the disk (nothing was committed, or not all was told): it is read again before the next entry. */
  distrust(): void;
}

/** Who made a ticket, as a filter names them: the account, or the name where there is none (imported tickets). */
export function agentKey(ticket: Pick<Ticket, 'createdById' | 'createdByName'>): string {
  return ticket.createdById ?? `=${ticket.createdByName}`;
}

/** The moment a ticket is listed under, epoch ms. */
export function listedAt(ticket: Pick<Ticket, 'acceptedAt' | 'createdAt'>): number {
  return ticket.acceptedAt ?? ticket.createdAt;
}

/** @param number of the ticket */
export function facetsOf(ticket: Ticket, number: number): TicketFacets {
  return {
    number,
    status: ticket.status,
    category: ticket.fields.categoryCode,
    division: ticket.fields.place.divisionCode,
    unit: ticket.unit,
    agent: agentKey(ticket),
    agentName: ticket.createdByName,
    at: Math.floor(listedAt(ticket) / 1_000),
  };
}

type Rows = Readonly<Record<Facet, Map<string, FacetValue>>>;

function noRows(): Rows {
  return { status: new Map(), category: new Map(), division: new Map(), unit: new Map(), agent: new Map() };
}

/** Opens the dictionary of a search file. Only one writes to it at a time. */
export function openFacetDictionary(index: ReadableDb & Pick<WritableDb, 'run'>): FacetDictionary {
  let rows = noRows();
  /** Entries that are in memory alone until a commit. */
  const unsaved = new Map<number, FacetValue>();
  let lastId = 0;
  const adopt = (entries: readonly FacetValue[]) => {
    for (const row of entries) {
      rows[row.facet].set(row.value, row);
      lastId = Math.max(lastId, row.id);
    }
  };
  let isDoubtful = true;
  const read = () => {
    const entries = index.all<FacetValue>('SELECT id, facet, value, label FROM facet_values');
    rows = noRows();
    unsaved.clear();
    adopt(entries);
    isDoubtful = false;
  };
  read();

  const idOf = (facet: Facet, value: string | null, label = ''): number => {
    if (value === null || value === '') return 0;
    const known = rows[facet].get(value);
    if (known && known.label === label) return known.id;
    const row = { id: known?.id ?? ++lastId, facet, value, label };
    rows[facet].set(value, row);
    unsaved.set(row.id, row);
    return row.id;
  };

  return {
    values: () => FACETS.flatMap((facet) => [...rows[facet].values()]),
    adopt,
    put: ({ number, status, category, division, unit, agent, agentName, at }) => {
      if (isDoubtful) read();
      const facets: Facets = {
        status: idOf('status', status),
        category: idOf('category', category),
        division: idOf('division', division),
        unit: idOf('unit', unit),
        agent: idOf('agent', agent, agentName),
        at,
      };
      index.run(
        `INSERT OR REPLACE INTO ticket_facets (number, status, category, division, unit, agent, at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        number,
        facets.status,
        facets.category,
        facets.division,
        facets.unit,
        facets.agent,
        facets.at,
      );
      return facets;
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
    committed: () => {
      const entries = [...unsaved.values()];
      unsaved.clear();
      return entries;
    },
    distrust: () => {
      isDoubtful = true;
    },
  };
}
