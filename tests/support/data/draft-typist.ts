import { openDraft, saveDraft } from '#main/data/services/draft.service.ts';
import { submitDraft } from '#main/data/services/submit.service.ts';
import { openTestWork } from '#tests/support/data/open-work.ts';
import { sampleCall, sampleIntake } from '#tests/support/data/samples.ts';

/** Types into drafts as fast as it can and says on standard output what is on disk, until it is killed. */
const { ctx } = openTestWork(process.argv[2] ?? '');
for (let n = 0; ; n++) {
  const draft = openDraft(ctx, sampleCall('13800001234'));
  for (let revision = 0; revision < 20; revision++) {
    saveDraft(ctx, draft.id, revision, sampleIntake({ content: `第${n}通电话，第${revision + 1}次保存` }));
    process.stdout.write(`saved ${draft.id} ${revision + 1}\n`);
  }
  if (n % 2 === 0) process.stdout.write(`submitted ${submitDraft(ctx, draft.id, 20, 'submit').uid}\n`);
}
