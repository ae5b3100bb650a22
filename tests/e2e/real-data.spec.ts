import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { waitFor } from '../../scripts/driver/wait-for.ts';
import { type Bootstrap, projectRoot, SMALL_CENTRE } from '../support/bootstrap.ts';
import { AGENT, expect, setAgentRole, startOnline, test } from './world.ts';

/** Real messages of citizens that lie beside the project; they are no part of it. */
const dataDir = path.resolve(projectRoot, '../shared/data');
const isDataHere = existsSync(path.join(dataDir, 'hot.jsonl'));
if (!isDataHere) console.error(`Skipped: the real messages are not at ${dataDir}.`);
test.skip(!isDataHere, 'the real messages are not on this machine');

interface Message {
  readonly id: string;
  readonly user: string;
  readonly title: string;
  readonly body: string;
  readonly reply?: string;
}

const readMessages = (name: string): Message[] =>
  readFileSync(path.join(dataDir, name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Message);

/** A number to call for every so many messages; the board has none. */
const PHONE_EVERY = 400;
const phoneOf = (index: number) => (index % PHONE_EVERY === 7 ? `1390002${String(index).padStart(4, '0')}` : '');

/** How the records of the board become tickets. The users' codes are no numbers to call, so they are the names. */
const BOARD_MAP = {
  source: 'message-board',
  centre: '320100',
  type: { const: 'other' },
  fields: {
    id: 'id',
    createdAt: { field: 'time', formats: ['yyyy/M/d H:mm:ss', 'yyyy/M/d', 'js-date'] },
    title: 'title',
    content: 'body',
    callerName: 'user',
    callerPhone: 'phone',
  },
  replies: [
    {
      text: 'reply',
      at: { field: 'replyTime', formats: ['yyyy/M/d H:mm:ss', 'yyyy/M/d', 'js-date'] },
      unit: { const: '网络问政平台' },
    },
  ],
};

test('2,816 answered messages: imported, pulled, found by search and shown as history', async ({ world }) => {
  test.setTimeout(300_000);
  const messages = readMessages('replied.jsonl');
  const mapFile = path.join(world.artifacts, 'map.json');
  const file = path.join(world.artifacts, 'replied.jsonl');
  writeFileSync(mapFile, JSON.stringify(BOARD_MAP));
  writeFileSync(file, messages.map((one, i) => `${JSON.stringify({ ...one, phone: phoneOf(i) })}\n`).join(''));
  const run = spawnSync(process.execPath, ['src/server/import-command.ts', file, '--map', mapFile], {
    cwd: projectRoot,
    env: { ...process.env, DATABASE_URL: world.databaseUrl },
    encoding: 'utf8',
  });
  expect(run.status, run.stderr).toBe(0);
  expect(run.stdout).toContain('import.done');

  // A 班长 holds years on this computer, an agent the last thirteen months.
  await setAgentRole(world, 'lead');
  await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  const expected = messages.length + SMALL_CENTRE.tickets;
  const isPulled = async () => {
    const [scope] = await world.sql<{ n: number }>("SELECT count(*)::int AS n FROM tickets WHERE line = '12345'");
    expect(await world.sql('SELECT 1 FROM tickets')).toHaveLength(expected);
    const shown = ((await seat.get(TEST_IDS.statusScope).textContent()) ?? '').replaceAll(',', '');
    return Number(/\d+/.exec(shown)?.[0]) === scope?.n;
  };
  await waitFor('the console holds every ticket of its line', isPulled, 120_000);

  // Many messages, each by words that no other message has; results on the screen grow with the index.
  const whole = messages.map(({ title, body }) => `${title}\n${body}`);
  const sample = messages.filter((_, i) => i % 18 === 7);
  expect(sample.length).toBeGreaterThan(150);
  for (const message of sample) {
    const results = await seat.search(pickPassage(message.body, whole));
    await expect(results, message.id).toContainText(message.title.trim().slice(0, 20), { timeout: 60_000 });
  }

  // Somebody who wrote there calls: the first ring shows what it was about.
  await seat.getReady();
  const callers = messages.map((message, i) => ({ ...message, phone: phoneOf(i) })).filter(({ phone }) => phone !== '');
  expect(callers.length).toBeGreaterThan(5);
  for (const caller of callers) {
    await seat.ring(caller.phone);
    await expect(seat.get(TEST_IDS.citizenTickets)).toContainText(caller.title.trim().slice(0, 20));
    await seat.answer();
    await seat.hangUp();
    await seat.finishWrapUp();
  }

  // The detail shows message and official answer as they were written.
  const [first] = sample;
  if (!first?.reply) throw new Error('no message');
  const results = await seat.search(pickPassage(first.body, whole));
  await results.getByText(first.title.trim().slice(0, 20)).first().click();
  const detail = seat.get(TEST_IDS.ticketDetail);
  await expect(detail.getByTestId(TEST_IDS.ticketContent)).toHaveText(first.body, { useInnerText: false });
  await expect(detail.getByTestId(TEST_IDS.ticketReplies)).toContainText(first.reply.trim().slice(0, 200));
});

/** Twelve characters out of a text that are in none of the others, without blanks at their ends. */
function pickPassage(text: string, all: readonly string[]): string {
  const middle = Math.floor(text.length / 3);
  const starts = [middle, 0, ...Array.from({ length: 20 }, (_, i) => Math.floor((text.length * i) / 20))];
  const passages = starts.map((start) => text.slice(start, start + 12).trim()).filter((one) => one.length >= 4);
  return passages.find((one) => all.filter((other) => other.includes(one)).length === 1) ?? passages[0] ?? text;
}

test('100 messages typed into the form during calls, half of them offline, are on the server character for character', async ({
  world,
}) => {
  test.setTimeout(600_000);
  const messages = readMessages('hot.jsonl')
    .filter((_, i) => i % 43 === 0)
    .slice(0, 100);
  expect(messages).toHaveLength(100);
  const seat = await startOnline(world);
  await seat.getReady();

  for (const [i, message] of messages.entries()) {
    if (i === 50) {
      await seat.waitForOutbox(0);
      await world.stopServer();
      await seat.waitForConnection('offline');
    }
    await seat.ring(`1380001${String(i).padStart(4, '0')}`);
    await seat.answer();
    await seat.write({ type: 'complaint', category: '噪声', title: message.title, content: message.body });
    await seat.submit();
    await seat.hangUp();
    await seat.finishWrapUp();
  }
  expect(await countTyped(world)).toBe(50);
  await world.startServer();
  await waitFor('every ticket is on the server', async () => (await countTyped(world)) === 100, 120_000);
  await seat.waitForOutbox(0, 60_000);

  const rows = await world.sql<{ phone: string; title: string; content: string; offline: boolean }>(
    `SELECT caller_phone AS phone, doc->'fields'->>'title' AS title, doc->'fields'->>'content' AS content,
       (doc->>'madeOffline')::boolean AS offline
     FROM tickets WHERE caller_phone LIKE '1380001%' ORDER BY caller_phone`,
  );
  const typed = messages.map(({ title, body }, i) => ({
    phone: `1380001${String(i).padStart(4, '0')}`,
    title,
    content: body,
    offline: i >= 50,
  }));
  expect(rows).toEqual(typed);
});

async function countTyped(world: Bootstrap): Promise<number> {
  return (await world.sql("SELECT 1 FROM tickets WHERE caller_phone LIKE '1380001%'")).length;
}
