import { describe, expect, test } from 'vitest';
import { listOutbox } from '#main/data/repositories/outbox.repository.ts';
import { getDraft, openDraft, saveDraft } from '#main/data/services/draft.service.ts';
import { submitDraft } from '#main/data/services/submit.service.ts';
import { getTicket } from '#main/data/services/ticket.service.ts';
import type { TicketForm } from '#shared/domain/form/ticket-form.ts';
import type { IntakeContent } from '#shared/domain/intake.ts';
import { opSchema } from '#shared/sync/wire.ts';
import { openTestWork, type TestWork } from '#tests/support/data/open-work.ts';
import { START, sampleCall, sampleIntake } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();

function draftWith(work: TestWork, content: Partial<IntakeContent>, line: '12345' | '12350' = '12345') {
  const draft = openDraft(work.ctx, { ...sampleCall('13800001234'), line });
  saveDraft(work.ctx, draft.id, 0, sampleIntake(content));
  return draft;
}

const flood = (data: TicketForm['data']): TicketForm => ({ id: 'flood', version: 2, data });
const road = { kind: 'road', observedAt: START, trapped: false };

/** The problems a submission was refused with, as `field CODE`. */
function refusal(submit: () => unknown): readonly string[] {
  try {
    submit();
  } catch (error) {
    const { code, data } = error as { code: string; data: { form: { field: string; code: string }[] } };
    expect(code).toBe('INTAKE_INCOMPLETE');
    return data.form.map((problem) => `${problem.field} ${problem.code}`);
  }
  return [];
}

describe('submitting a draft with a form', () => {
  test('keeps form, version and values on the ticket and in its operation', () => {
    const work = openTestWork(tempFolder());
    const draft = draftWith(work, { form: flood({ ...road, depth: 45, fieldArea: 3 }) });
    const { uid } = submitDraft(work.ctx, draft.id, 1, 'submit');
    // What was not asked (fields under water, on a road) is left out; the level is computed.
    const kept = flood({ kind: 'road', observedAt: START, depth: 45, level: 'serious', trapped: false });
    expect(getTicket(work.ctx, uid).fields.form).toEqual(kept);
    const op = listOutbox(work.db).find((entry) => entry.op.kind === 'ticket.create')?.op;
    expect(opSchema.parse(op)).toMatchObject({ args: { fields: { form: kept } } });
  });

  test('is refused while the form is not complete or not readable; nothing is lost', () => {
    const work = openTestWork(tempFolder());
    const form = flood({ kind: 'road', depth: '到膝盖', observedAt: START });
    const draft = draftWith(work, { form });
    expect(refusal(() => submitDraft(work.ctx, draft.id, 1, 'submit'))).toEqual([
      'depth NOT_A_NUMBER',
      'trapped REQUIRED',
    ]);
    expect(listOutbox(work.db)).toEqual([]);
    expect(getDraft(work.ctx, draft.id).content.form).toEqual(form);
  });

  test('a direct answer does not have to answer every question of the form', () => {
    const work = openTestWork(tempFolder());
    const draft = draftWith(work, { form: flood({ kind: 'road' }), answer: '已告知避让路线。' });
    const { uid } = submitDraft(work.ctx, draft.id, 1, 'direct_answer');
    expect(getTicket(work.ctx, uid).fields.form?.data).toEqual({ kind: 'road' });
  });

  test('a hand-over to 119 is recorded with the form as it is', () => {
    const work = openTestWork(tempFolder());
    const draft = draftWith(work, { form: flood({ kind: 'road', depth: '齐腰', trapped: true }) });
    const { uid } = submitDraft(work.ctx, draft.id, 1, 'hand_off', [{ service: '119', at: START }]);
    expect(getTicket(work.ctx, uid).fields.form?.data).toEqual({ kind: 'road', depth: '齐腰', trapped: true });
  });

  test('without a form becomes a ticket with the general one, empty', () => {
    const work = openTestWork(tempFolder());
    const draft = draftWith(work, { form: null });
    const { uid } = submitDraft(work.ctx, draft.id, 1, 'submit');
    expect(getTicket(work.ctx, uid).fields.form).toEqual({ id: 'general', version: 1, data: {} });
  });

  test('what was filled into other forms stays with the draft', () => {
    const work = openTestWork(tempFolder());
    const draft = draftWith(work, {
      form: flood(road),
      otherForms: [{ id: 'noise', version: 1, data: { kind: 'traffic' } }],
    });
    const { uid } = submitDraft(work.ctx, draft.id, 1, 'submit');
    expect(getTicket(work.ctx, uid).fields).not.toHaveProperty('otherForms');
    const op = listOutbox(work.db).find((entry) => entry.op.kind === 'ticket.create')?.op;
    expect(opSchema.safeParse(op).success).toBe(true);
    expect(getDraft(work.ctx, draft.id).content.otherForms).toHaveLength(1);
  });

  test('a form this console does not know goes on as it is', () => {
    const work = openTestWork(tempFolder());
    const form = { id: 'form-of-tomorrow', version: 3, data: { a: 'x' } };
    const { uid } = submitDraft(work.ctx, draftWith(work, { form }).id, 1, 'submit');
    expect(getTicket(work.ctx, uid).fields.form).toEqual(form);
  });

  test('a 12350 report keeps its caller secret and makes no record of them', () => {
    const work = openTestWork(tempFolder());
    const data = {
      mode: 'real-name',
      contactAllowed: true,
      enterprise: '某化工厂',
      address: '工业园 3 号',
      clue: 'illegal',
      clueDetail: 'licence',
      applyReward: false,
    };
    const form = { id: 'safety-report-12350', version: 1, data: { ...data, ongoing: false } };
    const { uid } = submitDraft(work.ctx, draftWith(work, { form }, '12350').id, 1, 'submit');
    expect(getTicket(work.ctx, uid).fields).toMatchObject({
      caller: { confidential: true },
      markers: ['confidential'],
    });
    expect(listOutbox(work.db).map(({ op }) => op.kind)).toEqual(['ticket.create']);
    expect(refusal(() => submitDraft(work.ctx, draftWith(work, { form }).id, 1, 'submit'))).toEqual([
      'null WRONG_LINE',
    ]);
  });
});
