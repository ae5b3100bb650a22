import { mkdirSync, openSync, writeSync } from 'node:fs';
import { openJournal } from '#main/data/db/op-journal.ts';
import { listOutbox } from '#main/data/repositories/outbox.repository.ts';
import { openDraft, saveDraft } from '#main/data/services/draft.service.ts';
import { submitDraft } from '#main/data/services/submit.service.ts';
import { keepInJournal } from '#main/data/session/profile.ts';
import { openTestWork, TEST_KEY } from '#tests/support/data/open-work.ts';
import { sampleCall, sampleIntake } from '#tests/support/data/samples.ts';

/**
 * Writes tickets as an agent does and notes each answer that the agent got, in a file of its own: `work-until-power-cut.ts FOLDER TICKETS off|full`.
 * With `off` the cache does not wait for the disk.
 */
const [folder = '', tickets = '0', synchronous = 'full'] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const { ctx, db } = openTestWork(folder);
if (synchronous === 'off') db.pragma('synchronous=0');
const journal = openJournal(`${folder}/journal.bin`, Buffer.from(TEST_KEY, 'hex'));
const answers = openSync(`${folder}/answers`, 'w');
const tell = (line: string) => writeSync(answers, `${line}\n`);

for (let n = 0; n < Number(tickets); n++) {
  const draft = openDraft(ctx, sampleCall('13800001234'));
  for (let revision = 0; revision < 3; revision++) {
    saveDraft(ctx, draft.id, revision, sampleIntake({ content: `第${n}通电话，第${revision + 1}次保存` }));
    tell(`saved ${draft.id} ${revision + 1}`);
  }
  const { uid } = submitDraft(ctx, draft.id, 3, 'submit');
  tell(`submitted ${uid}`);
  const ops = listOutbox(db).flatMap(({ op }) => (op.uid === uid ? [op] : []));
  keepInJournal(db, journal, ops);
  tell(`kept ${ops.map(({ opId }) => opId).join(' ')}`);
}
journal.close();
db.close();
