import { expect, test } from 'vitest';
import { openFacetDictionary, type TicketFacets } from '#main/data/search/facet-dictionary.ts';
import { openSearchFile } from '#main/data/search/search-file.ts';
import { openTestCache, TEST_KEY } from '#tests/support/data/open-work.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();

const facetsWith = (number: number, unit: string): TicketFacets => ({
  number,
  status: 'handling',
  category: null,
  division: null,
  unit,
  agent: '=李敏',
  agentName: '李敏',
  at: 1,
});

test('a number that was given in a commit that failed means nothing: another writer may give it to another value', () => {
  const folder = tempFolder();
  const cache = openTestCache(folder);
  const { db: index } = openSearchFile(`${folder}/search.db`, TEST_KEY, cache, null);
  const here = openFacetDictionary(index);
  index.exec('BEGIN');
  here.put(facetsWith(1, '城管局'));
  here.flush();
  index.exec('ROLLBACK');
  here.distrust();
  const thread = openFacetDictionary(index);
  index.transaction(() => {
    thread.put(facetsWith(2, '水务局'));
    thread.flush();
  });
  here.adopt(thread.committed());
  index.transaction(() => {
    here.put(facetsWith(1, '城管局'));
    here.flush();
  });
  here.committed();
  for (const dictionary of [here, openFacetDictionary(index)]) {
    const units = [...dictionary.values()].filter(({ facet }) => facet === 'unit');
    expect(units.map(({ value }) => value).sort()).toEqual(['城管局', '水务局'].sort());
    expect(new Set(units.map(({ id }) => id)).size).toBe(2);
  }
  index.close();
  cache.close();
});
