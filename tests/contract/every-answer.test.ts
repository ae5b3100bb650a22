import { beforeEach, expect, test } from 'vitest';
import { dataContract } from '#shared/contract/data.contract.ts';
import { prepareConsoles } from '#tests/support/data/console.ts';
import { ModelServer } from '#tests/support/data/model-server.ts';
import type { DataClient } from '#tests/support/data/rpc-client.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { attachmentAnswers } from './answers/attachment-answers.ts';
import { boardAnswers, callAnswers, colleagueAnswers } from './answers/call-answers.ts';
import { citizenAnswers, privacyAnswers } from './answers/citizen-answers.ts';
import type { Desk, Scenarios } from './answers/desk.ts';
import { draftAnswers, noteAnswers } from './answers/draft-answers.ts';
import { duplicateAnswers } from './answers/duplicate-answers.ts';
import { knowledgeAnswers } from './answers/knowledge-answers.ts';
import { outboxAnswers, syncAnswers } from './answers/outbox-answers.ts';
import { qualityAnswers, reminderAnswers } from './answers/quality-answers.ts';
import { changesAnswers, sessionAnswers } from './answers/session-answers.ts';
import { suggestAnswers, ticketAnswers, viewAnswers } from './answers/ticket-answers.ts';

type Contract = typeof dataContract;

/** One scenario for each procedure: the compiler asks for those that are missing, and so does the first test. */
const SCENARIOS: { readonly [N in keyof Contract]: Scenarios<N> } = {
  session: sessionAnswers,
  changes: changesAnswers,
  drafts: draftAnswers,
  duplicates: duplicateAnswers,
  notes: noteAnswers,
  calls: callAnswers,
  colleagues: colleagueAnswers,
  citizens: citizenAnswers,
  privacy: privacyAnswers,
  tickets: ticketAnswers,
  views: viewAnswers,
  attachments: attachmentAnswers,
  suggest: suggestAnswers,
  knowledge: knowledgeAnswers,
  quality: qualityAnswers,
  board: boardAnswers,
  reminders: reminderAnswers,
  outbox: outboxAnswers,
  sync: syncAnswers,
};

const tempFolder = prepareTempFolders();
const startConsole = prepareConsoles();
let server: ModelServer;

beforeEach(async () => {
  server = await new ModelServer().start();
  return () => server.stop();
});

function openDesk(): Desk {
  const seat = startConsole({ folder: tempFolder(), serverUrl: server.url });
  const answered = new Set<string>();
  return { server, seat, client: notingAnswers(seat.client, answered), answered, openAnother: openDesk };
}

/** The same client, which notes every procedure that answered with something else than an error. */
function notingAnswers(client: DataClient, answered: Set<string>): DataClient {
  const noun = (name: string) =>
    new Proxy(
      {},
      {
        get: (_, verb: string) => async (input: unknown) => {
          const answer = await callOf(client, name, verb)(input);
          answered.add(`${name}.${verb}`);
          return answer;
        },
      },
    );
  return new Proxy({}, { get: (_, name: string) => noun(name) }) as DataClient;
}

function callOf(client: DataClient, noun: string, verb: string): (input: unknown) => Promise<unknown> {
  const verbs = client[noun as keyof DataClient] as unknown as Record<string, (input: unknown) => Promise<unknown>>;
  return (input) => verbs[verb]?.(input) ?? Promise.reject(new Error(`no ${noun}.${verb}`));
}

const namesOf = (nouns: Readonly<Record<string, object>>) =>
  Object.entries(nouns).flatMap(([noun, verbs]) => Object.keys(verbs).map((verb) => `${noun}.${verb}`));

test('every procedure of the contract has its scenario', () => {
  expect(namesOf(SCENARIOS).toSorted()).toEqual(namesOf(dataContract).toSorted());
});

for (const [noun, verbs] of Object.entries<Readonly<Record<string, (desk: Desk) => Promise<void>>>>(SCENARIOS)) {
  for (const [verb, play] of Object.entries(verbs)) {
    test(`${noun}.${verb} answers what was asked`, async () => {
      const desk = openDesk();
      const others: Desk[] = [];
      await play({
        ...desk,
        openAnother: () => {
          const other = openDesk();
          others.push(other);
          return other;
        },
      });
      expect(expect.getState().assertionCalls).toBeGreaterThan(0);
      // One whose scenario does not ask it, or looks at nothing, is not tested.
      const answered = [desk, ...others].flatMap((one) => [...one.answered]);
      expect(answered).toContain(`${noun}.${verb}`);
      expect([desk, ...others].flatMap(({ seat }) => seat.reported)).toEqual([]);
    });
  }
}
