import { describe, expect, test } from 'vitest';
import { saveCitizen } from '#main/data/repositories/citizen.repository.ts';
import { saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { recordCall } from '#main/data/services/call.service.ts';
import { countMissed, getCall, listCallIds, listCallRows } from '#main/data/services/call-log.service.ts';
import { listDrafts, openDraft, saveDraft } from '#main/data/services/draft.service.ts';
import { joinDraft } from '#main/data/services/join-draft.service.ts';
import { revealValue } from '#main/data/services/reveal.service.ts';
import { submitDraft } from '#main/data/services/submit.service.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { CallFacts } from '#shared/domain/ticket.ts';
import { openTestWork } from '#tests/support/data/open-work.ts';
import {
  AGENT,
  START,
  sampleCall,
  sampleCitizen,
  sampleFields,
  sampleIntake,
  sampleRecord,
  sampleTicket,
} from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();

test('the call log is listed newest first in pages and by kind of call', () => {
  const { ctx } = openTestWork(tempFolder());
  for (let i = 1; i <= 7; i++) {
    const call = sampleCall(i % 2 ? '13800001234' : '02580001234', START + i * 60_000);
    const missed = { outcome: 'missed', answeredAt: null } as const;
    recordCall(ctx, sampleRecord(call, i % 3 === 0 ? missed : i === 7 ? { direction: 'out' } : {}));
  }
  const minute = (call: { readonly ringAt: number }) => (call.ringAt - START) / 60_000;
  const minutes = (ids: readonly number[]) => listCallRows(ctx, ids).map(({ call }) => minute(call));
  const first = listCallIds(ctx, 'all', 4);
  expect(minutes(first.ids)).toEqual([7, 6, 5, 4]);
  const second = listCallIds(ctx, 'all', 4, first.next ?? undefined);
  expect(minutes(second.ids)).toEqual([3, 2, 1]);
  expect(second.next).toBeNull();
  expect(minutes(listCallIds(ctx, 'missed', 9).ids)).toEqual([6, 3]);
  expect(minutes(listCallIds(ctx, 'out', 9).ids)).toEqual([7]);
  expect(minutes(listCallIds(ctx, 'in', 9).ids)).toEqual([5, 4, 2, 1]);
});

test('a missed caller is counted until somebody spoke to them, and a withheld number never', () => {
  const { ctx, db } = openTestWork(tempFolder());
  const missed = { outcome: 'missed', answeredAt: null } as const;
  const first = sampleCall('13800001234', START + 1);
  recordCall(ctx, sampleRecord(first, missed));
  recordCall(ctx, sampleRecord(sampleCall('13800001234', START + 2), missed));
  recordCall(ctx, sampleRecord(sampleCall('', START + 3), missed));
  saveCitizen(db, sampleCitizen({ name: '王芳', phones: ['13800001234'] }));
  expect(countMissed(ctx)).toBe(1);
  expect(getCall(ctx, first.callId)).toMatchObject({ knownName: '王芳', returnedAt: null });

  const callback = sampleCall('13800001234', START + 60_000);
  const about = { ticketUid: null, callbackOf: first.callId };
  recordCall(ctx, sampleRecord(callback, { direction: 'out', about, outcome: 'unanswered', answeredAt: null }));
  expect(countMissed(ctx)).toBe(1);
  recordCall(ctx, sampleRecord(sampleCall('13800001234', START + 120_000), { direction: 'out', about }));
  expect(countMissed(ctx)).toBe(0);
  expect(getCall(ctx, first.callId).returnedAt).toBe(START + 123_000);
});

test('a call of an older program is shown with the times its facts tell', () => {
  const { ctx, db } = openTestWork(tempFolder());
  const call = sampleCall('13800001234');
  openDraft(ctx, { ...call, answeredAt: START + 3_000, endedAt: START + 63_000, heldMs: 10_000 });
  db.run(`UPDATE calls SET outcome = 'answered'`);
  const shown = getCall(ctx, call.callId);
  expect(shown).toMatchObject({ direction: 'in', legs: [], draftId: listDrafts(ctx)[0]?.id });
  expect(shown.spent).toMatchObject({ ringing: 3_000, talking: 50_000, held: 10_000 });
});

test('an outbound call is one in the facts its form and ticket keep', () => {
  const { ctx } = openTestWork(tempFolder());
  const call: CallFacts = { ...sampleCall('13800001234'), direction: 'out' };
  openDraft(ctx, call);
  recordCall(ctx, sampleRecord(call, { direction: 'out' }));
  expect(listDrafts(ctx)[0]?.call).toMatchObject({ direction: 'out', answeredAt: START + 3_000 });
});

test('a call leads to every ticket that was written during it, and to the one its words were added to', () => {
  const { ctx, db } = openTestWork(tempFolder());
  const call = sampleCall('13800001234');
  recordCall(ctx, sampleRecord(call));
  const write = (title: string, further: boolean) => {
    const draft = openDraft(ctx, call, further);
    saveDraft(ctx, draft.id, 0, sampleIntake({ title }));
    return draft;
  };
  const titles = () => getCall(ctx, call.callId).tickets.map((ticket) => ticket.title);
  expect(titles()).toEqual([]);
  submitDraft(ctx, write('路灯不亮', false).id, 1, 'submit');
  submitDraft(ctx, write('井盖丢失', true).id, 1, 'submit');
  expect(titles()).toEqual(['路灯不亮', '井盖丢失']);
  const known = sampleTicket(1, { fields: sampleFields({ title: '小区停水' }) });
  saveTicket(db, known);
  joinDraft(ctx, write('还没来水', true).id, 1, known.uid, 'note');
  expect(titles()).toEqual(['路灯不亮', '井盖丢失', '小区停水']);
  // Somebody else's call knows nothing of them.
  const other = sampleCall('13800009999');
  recordCall(ctx, sampleRecord(other));
  expect(getCall(ctx, other.callId).tickets).toEqual([]);
});

describe('a caller who is kept secret', () => {
  const PHONE = '13800001234';
  const MASKED = { ani: '138****1234', name: '王*', masked: true };

  /** A call of one secret caller in the log of somebody in a role. */
  function workAs(role: Role = 'agent') {
    const work = openTestWork(tempFolder());
    const ctx = { ...work.ctx, user: { ...AGENT, role } };
    const call = { ...sampleCall(PHONE), line: '12350' as const };
    recordCall(ctx, sampleRecord(call, { name: '王小芳' }));
    return { ...work, ctx, call };
  }

  test('is masked in the log for whoever need not know, wherever it is read', () => {
    const { ctx, call } = workAs();
    const rows = listCallRows(ctx, listCallIds(ctx, 'all', 9).ids);
    for (const shown of [getCall(ctx, call.callId), rows[0]?.call]) {
      expect(shown).toMatchObject(MASKED);
    }
    const lead = workAs('lead');
    expect(getCall(lead.ctx, lead.call.callId)).toMatchObject({ ani: PHONE, name: '王小芳', masked: false });
  });

  test('is who called 12350, asked for it as a person, or said so in the form or the ticket of the call', () => {
    const { ctx, db } = openTestWork(tempFolder());
    const call = sampleCall(PHONE);
    const plain = sampleIntake();
    const draft = openDraft(ctx, call);
    recordCall(ctx, sampleRecord(call));
    const isMasked = () => getCall(ctx, call.callId).masked;
    expect(isMasked()).toBe(false);
    saveDraft(ctx, draft.id, 0, { ...plain, caller: { ...plain.caller, anonymous: true } });
    expect(isMasked()).toBe(true);
    saveDraft(ctx, draft.id, 1, plain);
    expect(isMasked()).toBe(false);
    saveDraft(ctx, draft.id, 2, { ...plain, caller: { ...plain.caller, confidential: true } });
    submitDraft(ctx, draft.id, 3, 'submit');
    expect(isMasked()).toBe(true);

    const known = sampleCall('13900005678');
    recordCall(ctx, sampleRecord(known));
    saveCitizen(db, sampleCitizen({ name: '赵大伟', phones: ['13900005678'], confidential: true }));
    expect(getCall(ctx, known.callId)).toMatchObject({ ani: '139****5678', knownName: '赵*', masked: true });
  });

  test('is who said so about one of several matters of the call', () => {
    const { ctx } = openTestWork(tempFolder());
    const call = sampleCall('13700001111');
    const write = (further: boolean, confidential: boolean) => {
      const { id } = openDraft(ctx, call, further);
      const { caller } = sampleIntake();
      saveDraft(ctx, id, 0, sampleIntake({ caller: { ...caller, phone: '13700002222', confidential } }));
      submitDraft(ctx, id, 1, 'submit');
    };
    write(false, false);
    recordCall(ctx, sampleRecord(call));
    expect(getCall(ctx, call.callId).masked).toBe(false);
    write(true, true);
    expect(getCall(ctx, call.callId).masked).toBe(true);
  });

  test('is called back after a look that is written down first, and shows one value only', () => {
    const { ctx, db, call, queued } = workAs();
    const request = { subject: 'call', uid: call.callId, field: 'phone', reason: '回拨核实' } as const;
    expect(revealValue(ctx, request)).toMatchObject({ ticket: null, call: { ani: PHONE, name: '王*' } });
    expect(db.all('SELECT subject, subject_uid, field FROM reveals')).toEqual([
      { subject: 'call', subject_uid: call.callId, field: 'phone' },
    ]);
    expect(queued).toMatchObject([{ kind: 'audit.reveal', args: { subject: 'call', field: 'phone' } }]);
    expect(() => revealValue(ctx, { ...request, uid: sampleCall(PHONE).callId })).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }) as Error,
    );
  });
});
