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

/** A cache with three tickets that wait for an index, and who writes it, with the number that tells them to stop. */
function openWriter() {
  const folder = tempFolder();
  const cache = openTestCache(folder);
  for (let n = 1; n <= 3; n++) saveTicket(cache, sampleTicket(n, { number: n, unit: `单位${n}` }));
  const { db: index } = openSearchFile(`${folder}/search.db`, TEST_KEY, cache, null);
  const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const writer = new RowWriter(
    {
      role: 'writes',
      cache: { path: `${folder}/cache.db`, key: TEST_KEY },
      index: { path: `${folder}/search.db`, key: TEST_KEY },
      nativeBinding: null,
      sizes: { worthStarting: 1, part: 2, parts: 2 },
      stop,
    },
    ENTRY,
  );
  const close = async () => {
    await writer.answer({ kind: 'close' });
    index.close();
    cache.close();
  };
  return { index, writer, stop: new Int32Array(stop), close };
}

test('a disk that is full while the index is merged: what was committed is told as indexed', async () => {
  const { index, writer, close } = openWriter();
  merge.mergeSome.mockImplementation(() => {
    throw new DataError('DISK_FULL');
  });
  const answer = await writer.answer({ kind: 'next' });
  expect(merge.mergeSome).toHaveBeenCalled();
  if (answer.kind !== 'indexed') throw new Error(answer.detail);
  expect(answer.tickets).toHaveLength(3);
  expect(answer.entries.filter(({ facet }) => facet === 'unit')).toHaveLength(3);
  expect([...openFacetDictionary(index).values()]).toEqual(expect.arrayContaining([...answer.entries]));
  await close();
});

test('rows that were left out because everything is to stop are not told as indexed', async () => {
  const { index, writer, stop, close } = openWriter();
  stop[0] = 1;
  await expect(writer.answer({ kind: 'next' })).rejects.toThrow('indexing was stopped');
  expect(index.value('SELECT count(*) FROM ticket_facets')).toBe(0);
  await close();
});
