import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findAttachment, listUnsentAttachments, nextToSend } from '#main/data/repositories/attachment.repository.ts';
import { listOutbox, setOutboxRefused } from '#main/data/repositories/outbox.repository.ts';
import {
  attachToTicket,
  finishAttachment,
  listAttachments,
  readAttachmentBytes,
} from '#main/data/services/attachment.service.ts';
import {
  ABANDONED_AFTER_MS,
  adoptFoundAttachments,
  MOST_KEPT_BYTES,
  sweepAttachments,
  UNUSED_AFTER_MS,
} from '#main/data/services/attachment-sweep.service.ts';
import { correctTicket } from '#main/data/services/correct-ticket.service.ts';
import { discardDraft, getDraft, openDraft, saveDraft } from '#main/data/services/draft.service.ts';
import { countFilesLeftOut, joinDraft, separateDraft } from '#main/data/services/join-draft.service.ts';
import { discardOp } from '#main/data/services/refused-ops.service.ts';
import { revealValue } from '#main/data/services/reveal.service.ts';
import { submitDraft } from '#main/data/services/submit.service.ts';
import { getTicket } from '#main/data/services/ticket.service.ts';
import { withdrawNote } from '#main/data/services/withdraw.service.ts';
import type { IntakeContent } from '#shared/domain/intake.ts';
import { opSchema } from '#shared/sync/wire.ts';
import { openTestWork, type TestWork } from '#tests/support/data/open-work.ts';
import { sampleIntake } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { noisePng } from '#tests/support/sample-files.ts';

const tempFolder = prepareTempFolders();
const hashOf = (written: string) => written.slice(0, 64);

/** Stores a picture as a window does. @returns the line that names it */
function store(work: TestWork, name = '现场.png', bytes = noisePng(8)): string {
  const id = work.ctx.fileIntake.begin(name, bytes.length);
  work.ctx.fileIntake.append(id, 0, bytes);
  return finishAttachment(work.ctx, id).written;
}

function draftWith(work: TestWork, content: Partial<IntakeContent>) {
  const draft = openDraft(work.ctx, null);
  saveDraft(work.ctx, draft.id, 0, sampleIntake(content));
  return draft;
}

function submitWith(work: TestWork, content: Partial<IntakeContent>) {
  return submitDraft(work.ctx, draftWith(work, content).id, 1, 'submit').uid;
}

const stateOf = (work: TestWork, written: string) => findAttachment(work.db, hashOf(written))?.state;

describe('files of a ticket', () => {
  test('written down with it are listed with who and when, and each has an operation that depends on it', () => {
    const work = openTestWork(tempFolder());
    const first = store(work);
    const second = store(work, '录像截图.png');
    expect(stateOf(work, first)).toBe('held');
    const uid = submitWith(work, { attachments: [first, second] });
    expect(listAttachments(work.ctx, uid).files).toMatchObject([
      { file: { name: '现场.png' }, byName: work.ctx.user.name, state: 'waiting', canTakeBack: true },
      { file: { name: '录像截图.png' }, state: 'waiting' },
    ]);
    const [creation, ...notes] = listOutbox(work.db).filter(({ op }) => op.kind.startsWith('ticket.'));
    expect(notes.map(({ op }) => opSchema.parse(op))).toMatchObject(
      [first, second].map((text) => ({
        kind: 'ticket.note',
        dependsOn: creation?.op.opId,
        args: { kind: 'attached', text },
      })),
    );
  });

  test('that answer a question of its form are wanted at the server with it', () => {
    const work = openTestWork(tempFolder());
    const written = store(work);
    const uid = submitWith(work, { form: { id: 'general', version: 1, data: { files: [written] } } });
    expect(listAttachments(work.ctx, uid).files).toMatchObject([
      { eventId: null, state: 'waiting', canTakeBack: false },
    ]);
  });

  test('can be added later, each once; bytes come back as they were', () => {
    const work = openTestWork(tempFolder());
    const uid = submitWith(work, {});
    const bytes = noisePng(8);
    const written = store(work, 'a.png', bytes);
    attachToTicket(work.ctx, uid, [written]);
    attachToTicket(work.ctx, uid, [written]);
    expect(listAttachments(work.ctx, uid).files).toHaveLength(1);
    expect(readAttachmentBytes(work.ctx, hashOf(written), uid, 0).bytes.equals(bytes)).toBe(true);
    expect(() => attachToTicket(work.ctx, uid, [`${'0'.repeat(64)} 1 image/png a.png`])).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    );
    expect(() => attachToTicket(work.ctx, uid, ['no file'])).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });

  test('taken back before they were sent are not sent; afterwards a note says so', () => {
    const work = openTestWork(tempFolder());
    const uid = submitWith(work, {});
    const [unsent, sent] = [store(work, 'a.png'), store(work, 'b.png')];
    attachToTicket(work.ctx, uid, [unsent, sent]);
    const [first, second] = listAttachments(work.ctx, uid).files;
    const last = listOutbox(work.db).at(-1);
    if (!first?.eventId || !second?.eventId || !last) throw new Error('two files are attached');
    work.sent.add(last.op.opId);
    expect(withdrawNote(work.ctx, uid, first.eventId, '误加')).toBe('removed');
    expect(withdrawNote(work.ctx, uid, second.eventId, '误加')).toBe('noted');
    expect(listAttachments(work.ctx, uid).files).toEqual([]);
    expect([stateOf(work, unsent), stateOf(work, sent)]).toEqual(['held', 'waiting']);
  });

  test('of a secret caller stay with the draft that is joined, and are counted', () => {
    const work = openTestWork(tempFolder());
    const uid = submitWith(work, {});
    const caller = { ...sampleIntake({}).caller, confidential: true };
    const draft = draftWith(work, { caller, attachments: [store(work)] });
    joinDraft(work.ctx, draft.id, 1, uid, 'note');
    expect(listAttachments(work.ctx, uid).files).toEqual([]);
    expect(countFilesLeftOut(work.ctx, draft.id)).toBe(1);
  });

  test('go with the words of a draft to another ticket, and come back with them', () => {
    const work = openTestWork(tempFolder());
    const uid = submitWith(work, {});
    const written = store(work);
    const draft = draftWith(work, { attachments: [written] });
    joinDraft(work.ctx, draft.id, 1, uid, 'note');
    expect(listAttachments(work.ctx, uid).files).toHaveLength(1);
    expect(countFilesLeftOut(work.ctx, draft.id)).toBe(0);
    expect(separateDraft(work.ctx, draft.id, '误加').draft.content.attachments).toEqual([written]);
    expect(listAttachments(work.ctx, uid).files).toEqual([]);
    expect(stateOf(work, written)).toBe('held');
  });

  test('of a refused ticket that is given up are in its draft again', () => {
    const work = openTestWork(tempFolder());
    const written = store(work);
    submitWith(work, { attachments: [written] });
    for (const { op } of listOutbox(work.db)) {
      const state = op.kind === 'ticket.create' ? 'rejected' : 'blocked';
      if (op.kind !== 'citizen.upsert') setOutboxRefused(work.db, op.opId, state, 'FORBIDDEN', 0);
    }
    const creation = listOutbox(work.db).find(({ op }) => op.kind === 'ticket.create');
    if (!creation) throw new Error('a ticket was made');
    discardOp(work.ctx, creation.op.opId);
    expect(stateOf(work, written)).toBe('held');
    expect(readAttachmentBytes(work.ctx, hashOf(written), null, 0).size).toBeGreaterThan(0);
  });

  test('of a refused ticket are in the form that corrects it, and once on the corrected ticket', () => {
    const work = openTestWork(tempFolder());
    const [atIntake, later] = [store(work, 'a.png'), store(work, 'b.png')];
    const uid = submitWith(work, { attachments: [atIntake] });
    attachToTicket(work.ctx, uid, [later]);
    for (const { op } of listOutbox(work.db)) {
      const state = op.kind === 'ticket.create' ? 'rejected' : 'blocked';
      if (op.kind !== 'citizen.upsert') setOutboxRefused(work.db, op.opId, state, 'INTAKE_INCOMPLETE', 0);
    }
    const creation = listOutbox(work.db).find(({ op }) => op.kind === 'ticket.create');
    if (!creation) throw new Error('a ticket was made');
    const { id, revision, content } = getDraft(work.ctx, correctTicket(work.ctx, creation.op.opId));
    expect(content.attachments).toEqual([atIntake, later]);
    submitDraft(work.ctx, id, revision, 'submit');
    expect(listAttachments(work.ctx, uid).files).toMatchObject([{ state: 'waiting' }, { state: 'waiting' }]);
    expect(getTicket(work.ctx, uid).events.filter(({ kind }) => kind === 'attached')).toHaveLength(2);
  });

  test('of a caller who is kept secret are shown during a look behind the mask only', () => {
    const folder = tempFolder();
    const work = openTestWork(folder);
    const written = store(work);
    const blank = sampleIntake({});
    const uid = submitWith(work, {
      caller: { ...blank.caller, confidential: true },
      attachments: [written],
    });
    expect(getTicket(work.ctx, uid).masked).toBe(true);
    expect(listAttachments(work.ctx, uid)).toEqual({ files: [], hidden: true });
    expect(JSON.stringify(getTicket(work.ctx, uid))).not.toContain('现场');
    expect(() => readAttachmentBytes(work.ctx, hashOf(written), uid, 0)).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    );
    revealValue(work.ctx, { subject: 'ticket', uid, field: 'form', reason: '核对现场' });
    expect(listAttachments(work.ctx, uid).files).toHaveLength(1);
    expect(readAttachmentBytes(work.ctx, hashOf(written), uid, 0).size).toBeGreaterThan(0);
  });
});

describe('making room', () => {
  test('a file taken off a draft goes after a week; one that a draft names never does', () => {
    const work = openTestWork(tempFolder());
    const [dropped, drafted, discarded] = [store(work, 'a.png'), store(work, 'b.png'), store(work, 'c.png')];
    draftWith(work, { attachments: [drafted] });
    discardDraft(work.ctx, draftWith(work, { attachments: [discarded] }).id);
    work.clock.advance(ABANDONED_AFTER_MS - 1);
    expect(sweepAttachments(work.ctx)).toBe(0);
    work.clock.advance(400 * 86_400_000);
    expect(sweepAttachments(work.ctx)).toBe(1);
    expect(work.ctx.files.placeOf(hashOf(dropped))).toBeNull();
    expect([drafted, discarded].map((written) => work.ctx.files.placeOf(hashOf(written)))).toEqual([
      'unsent',
      'unsent',
    ]);
  });

  test('what the server does not have never goes, however old', () => {
    const work = openTestWork(tempFolder());
    const [waiting, refused] = [store(work, 'a.png'), store(work, 'b.png')];
    submitWith(work, { attachments: [waiting, refused] });
    work.db.run(`UPDATE attachments SET state = 'refused' WHERE sha256 = ?`, hashOf(refused));
    work.clock.advance(10 * 365 * 86_400_000);
    expect(sweepAttachments(work.ctx)).toBe(0);
    expect(listUnsentAttachments(work.db)).toHaveLength(2);
    expect(work.ctx.files.list().map(({ place }) => place)).toEqual(['unsent', 'unsent']);
  });

  test('copies of what the server has go by age and by size, but not while an operation that names them waits', () => {
    const work = openTestWork(tempFolder());
    const [free, named] = [store(work, 'a.png'), store(work, 'b.png')];
    submitWith(work, { attachments: [named] });
    for (const written of [free, named]) {
      work.db.run(`UPDATE attachments SET state = 'sent' WHERE sha256 = ?`, hashOf(written));
      work.ctx.files.settle(hashOf(written));
    }
    expect(sweepAttachments(work.ctx)).toBe(0);
    work.db.run('UPDATE attachments SET size = ? WHERE sha256 = ?', MOST_KEPT_BYTES + 1, hashOf(named));
    work.clock.advance(UNUSED_AFTER_MS + 1);
    expect(sweepAttachments(work.ctx)).toBe(1);
    expect(work.ctx.files.placeOf(hashOf(free))).toBeNull();
    expect(work.ctx.files.placeOf(hashOf(named))).toBe('kept');
  });

  test('after the loss of the cache every file is written down again, and none of them is thrown away', () => {
    const folder = tempFolder();
    const before = openTestWork(folder);
    const [named, fetched] = [store(before, 'a.png'), store(before, 'b.png')];
    submitWith(before, { attachments: [named] });
    before.ctx.files.settle(hashOf(fetched));
    before.db.close();
    rmSync(`${folder}/cache.db`);
    const work = openTestWork(folder);
    adoptFoundAttachments(work.ctx);
    // The ticket may be at the server already: no operation speaks of the file here any more, and it is sent all the same.
    expect([stateOf(work, named), stateOf(work, fetched)]).toEqual(['waiting', 'sent']);
    expect(nextToSend(work.db)?.sha256).toBe(hashOf(named));
    work.clock.advance(UNUSED_AFTER_MS - 1);
    expect(sweepAttachments(work.ctx)).toBe(0);
  });

  test('a file whose row is lost alone goes with the draft that names it', () => {
    const work = openTestWork(tempFolder());
    const written = store(work);
    const draft = draftWith(work, { attachments: [written] });
    work.db.run('DELETE FROM attachments');
    adoptFoundAttachments(work.ctx);
    expect(stateOf(work, written)).toBe('held');
    submitDraft(work.ctx, draft.id, 1, 'submit');
    expect(stateOf(work, written)).toBe('waiting');
  });
});
