import type { Ticket } from '#shared/domain/ticket.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';
import type { Facet, Facets } from './facet-columns.ts';

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

/** Numbers for the values of facets, so that a ticket's row is seven small numbers. Numbers never mean something else. */
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
  /** Nothing of it was committed: forgets the new entries, whose numbers others may give to something else now. */
  rolledBack(): void;
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

/** Opens the dictionary of a search file. Only one writes to it at a time. */
export function openFacetDictionary(index: ReadableDb & Pick<WritableDb, 'run'>): FacetDictionary {
  const rows = new Map<string, FacetValue>();
  /** Entries that are in memory alone until a commit. */
  const unsaved = new Map<number, FacetValue>();
  let lastId = 0;
  const keyOf = (facet: Facet, value: string) => `${facet} ${value}`;
  const adopt = (entries: readonly FacetValue[]) => {
    for (const row of entries) {
      rows.set(keyOf(row.facet, row.value), row);
      lastId = Math.max(lastId, row.id);
    }
  };
  const read = () => adopt(index.all<FacetValue>('SELECT id, facet, value, label FROM facet_values'));
  read();

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

  return {
    values: () => rows.values(),
    adopt,
    put: ({ number, status, category, division, unit, agent, agentName, at }) => {
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
    rolledBack: () => {
      if (unsaved.size === 0) return;
      unsaved.clear();
      rows.clear();
      read();
    },
  };
}
