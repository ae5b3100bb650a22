import { expect, test } from 'vitest';
import { saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { prepareSearch } from '#tests/support/data/open-search.ts';
import { sampleFields, sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { hasRealMessages, readRealMessages } from '#tests/support/real-messages.ts';

const tempFolder = prepareTempFolders();
const openSearch = prepareSearch();

/** More tickets than any words of a message should find. */
const MOST = 1_000;

/** What somebody remembers of a message: the beginning of its title, its whole title, some words from its middle. */
function remembered({ title, body }: { readonly title: string; readonly body: string }): readonly string[] {
  const middle = Math.floor(body.length / 2);
  return [title.slice(0, 8), title, body.slice(middle, middle + 10)].map((words) => words.trim()).filter(Boolean);
}

test.skipIf(!hasRealMessages('replied.jsonl'))(
  'every one of 2,816 real messages is found by its title and by words from its middle',
  async () => {
    const messages = readRealMessages('replied.jsonl');
    expect(messages).toHaveLength(2_816);
    const { db, index, indexAll } = openSearch(tempFolder());
    const tickets = messages.map(({ title, body }, i) => ({
      ...sampleTicket(i + 1),
      fields: sampleFields({ title: title.trim(), content: body.trim() }),
    }));
    db.transaction(() => {
      for (const ticket of tickets) saveTicket(db, ticket);
    });
    await indexAll();
    const missed: string[] = [];
    const flooded: string[] = [];
    for (const [i, message] of messages.entries()) {
      for (const words of remembered(message)) {
        const found = index.search(words, MOST);
        expect(found.incomplete).toBe(false);
        if (found.tickets.length === MOST) flooded.push(words);
        else if (!found.tickets.some(({ uid }) => uid === tickets[i]?.uid)) missed.push(`${message.id}: ${words}`);
      }
    }
    expect(missed).toEqual([]);
    // Digits that stand alone are in a third of all messages; no sentence may find as many.
    expect(flooded).toEqual(['，1，2，3，4，5']);
  },
);
