import { expect, test, vi } from 'vitest';
import { DataError } from '#main/data/errors.ts';
import { saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { openFacetDictionary } from '#main/data/search/facet-dictionary.ts';
import { openSearchFile } from '#main/data/search/search-file.ts';
import { RowWriter } from '#main/data/search/threads/row-writer.ts';
import { openTestCache, TEST_KEY } from '#tests/support/data/open-work.ts';
import { sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const ENTRY = new URL('../../../../src/main/data/search/threads/index-worker.ts', import.meta.url).pathname;
const merge = vi.hoisted(() => ({ mergeSome: vi.fn(() => false) }));
vi.mock('#main/data/search/write-rows.ts', async (original) => ({ ...(await original<object>()), ...merge }));

test('a disk that is full while the index is merged: what was committed is told as indexed', async () => {
  const folder = tempFolder();
  const cache = openTestCache(folder);
  for (let n = 1; n <= 3; n++) saveTicket(cache, sampleTicket(n, { number: n, unit: `单位${n}` }));
  const { db: index } = openSearchFile(`${folder}/search.db`, TEST_KEY, cache, null);
  merge.mergeSome.mockImplementation(() => {
    throw new DataError('DISK_FULL');
  });
  const writer = new RowWriter(
    {
      role: 'writes',
      cache: { path: `${folder}/cache.db`, key: TEST_KEY },
      index: { path: `${folder}/search.db`, key: TEST_KEY },
      nativeBinding: null,
      sizes: { worthStarting: 1, part: 2, parts: 2 },
      stop: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
    },
    ENTRY,
  );
  const answer = await writer.answer({ kind: 'next' });
  expect(merge.mergeSome).toHaveBeenCalled();
  if (answer.kind !== 'indexed') throw new Error(answer.detail);
  expect(answer.tickets).toHaveLength(3);
  expect(answer.entries.filter(({ facet }) => facet === 'unit')).toHaveLength(3);
  expect([...openFacetDictionary(index).values()]).toEqual(expect.arrayContaining([...answer.entries]));
  await writer.answer({ kind: 'close' });
  index.close();
  cache.close();
});
