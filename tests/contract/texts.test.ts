import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { dataContract } from '#shared/contract/data.contract.ts';
import { toArticleForm } from '#shared/domain/article-form.ts';
import { SECTION_KINDS } from '#shared/domain/knowledge.ts';
import { NO_CONDITIONS } from '#shared/domain/ticket-view.ts';
import { type DraftId, newId, type RecordId } from '#shared/kernel/ids.ts';
import { articleRecord, EDITOR, sampleArticle } from '#tests/support/data/articles.ts';
import { prepareConsoles, type TestConsole } from '#tests/support/data/console.ts';
import { ModelServer } from '#tests/support/data/model-server.ts';
import { codeOf } from '#tests/support/data/rpc-client.ts';
import { START, sampleCall, sampleIntake, sampleLeg, sampleRecord } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { until } from '#tests/support/data/until.ts';
import type { JsonSchema } from '#tests/support/nearly-valid.ts';
import { ODD_TEXT, SHORT_ODD_TEXT, UNSTORABLE_TEXTS } from '#tests/support/odd-text.ts';

const tempFolder = prepareTempFolders();
const startConsole = prepareConsoles();
let server: ModelServer;
let seat: TestConsole;

beforeEach(async () => {
  server = await new ModelServer().start();
  seat = startConsole({ folder: tempFolder(), serverUrl: server.url });
  await signIn();
  return () => server.stop();
});

const signIn = () => seat.client.session.signIn({ account: 'demo1001', password: 'Demo-12345' });

/** A text somewhere in the input of a procedure: `caller.name`, `legs[].party.name`, `data.*` for any key. */
interface TextField {
  readonly procedure: string;
  readonly path: readonly string[];
  readonly max: number;
}

/** Every free text that any procedure takes, read out of the contract itself: a new one is part of these tests by itself. */
function listTextFields(): readonly TextField[] {
  return Object.entries(dataContract).flatMap(([noun, verbs]) =>
    Object.entries(verbs).flatMap(([verb, procedure]) => {
      const { inputSchema } = procedure['~orpc'];
      if (!inputSchema) return [];
      const root = z.toJSONSchema(inputSchema as z.ZodType, { unrepresentable: 'any', io: 'input' }) as JsonSchema;
      return textsIn(root, root, []).map((field) => ({ procedure: `${noun}.${verb}`, ...field }));
    }),
  );
}

function textsIn(
  schema: JsonSchema,
  root: JsonSchema,
  path: readonly string[],
): readonly Omit<TextField, 'procedure'>[] {
  const at = schema.$ref ? (root.$defs?.[schema.$ref.split('/').at(-1) ?? ''] ?? {}) : schema;
  const isFree = at.type === 'string' && [at.enum, at.const, at.format, at.pattern].every((rule) => rule === undefined);
  const parts: readonly (readonly [string | null, JsonSchema])[] = [
    ...[at.anyOf, at.oneOf, at.allOf].flatMap((list) => (list ?? []).map((each) => [null, each] as const)),
    ...Object.entries(at.properties ?? {}),
    ...(typeof at.additionalProperties === 'object' ? ([['*', at.additionalProperties]] as const) : []),
    ...(typeof at.items === 'object' ? ([['[]', at.items]] as const) : []),
  ];
  return [
    ...(isFree ? [{ path, max: at.maxLength ?? Number.POSITIVE_INFINITY }] : []),
    ...parts.flatMap(([step, part]) => textsIn(part, root, step === null ? path : [...path, step])),
  ];
}

/** The input with a text at a path. */
function withText(input: unknown, [step, ...rest]: readonly string[], text: string): unknown {
  if (step === undefined) return text;
  if (step === '[]') return [withText((input as unknown[] | undefined)?.[0], rest, text)];
  const object = (input ?? {}) as Record<string, unknown>;
  const key = step === '*' ? (Object.keys(object)[0] ?? 'site') : step;
  return { ...object, [key]: withText(object[key], rest, text) };
}

function callRaw(procedure: string, input: unknown): Promise<unknown> {
  const call = procedure.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], seat.client);
  return (call as (input: unknown) => Promise<unknown>)(input);
}

const uid = newId(START);
const place = { divisionCode: null, address: '', landmark: '', coordinates: null };
const probe = { phone: '', title: '', content: '', originalWords: '', subject: '', place, categoryCode: null };
const CHOSEN = { unit: '区城管局', coUnits: ['街道办事处'], basis: 'manual' };
const form = { id: 'noise', version: 1, data: { site: '' } };
const citation = { articleUid: newId<RecordId>(START), version: 1, title: '路灯不亮怎么报修' };
const change = { from: '', to: '' };
const amendment = {
  categoryCode: change,
  title: change,
  content: change,
  originalWords: change,
  subject: change,
  place: { from: place, to: place },
  tags: { added: [], removed: [] },
  answers: { from: { site: '' }, to: { site: '' } },
};
const marks = {
  deductions: [{ item: 'facts', points: 1, reason: '' }],
  vetoes: [{ veto: 'leak', reason: '' }],
  remark: '',
};
const review = { members: ['政务办'], heldAt: START, decision: '由街道先行处置', owner: null };
const instruction = { kind: 'instruction', author: '市长 方某某', writtenAt: START };
/** Of a procedure that takes one of several things, the one that has a text at a path. */
const VARIANTS: Readonly<Record<string, readonly (readonly [string, unknown])[]>> = {
  'tickets.decide': [
    [
      'rule',
      {
        decisions: [
          {
            uid,
            from: 'to_dispatch',
            act: { ...CHOSEN, action: 'dispatch', despiteReturn: false, rule: { unit: '', reasons: [], load: null } },
            words: '',
          },
        ],
      },
    ],
    ['withoutCo', { decisions: [{ uid, from: 'handling', act: { action: 'reply', withoutCo: '' }, words: '' }] }],
    ['review', { decisions: [{ uid, from: 'joint_review', act: { ...CHOSEN, action: 'assign', review }, words: '' }] }],
  ],
  'tickets.overlay': [
    ['review', { uid, step: { step: 'review', review }, words: '' }],
    ['members', { uid, step: { step: 'review_open', members: ['政务办'], plannedAt: START }, words: '' }],
    ['owner', { uid, step: { step: 'owned', owner: '区园林所' }, words: '' }],
    ['unit', { uid, step: { step: 'measure', unit: '区园林所', dueAt: START }, words: '' }],
    [
      'author',
      { uid, step: { step: 'order', source: instruction, unit: '区', limit: { value: 1, unit: 'day' } }, words: '' },
    ],
    ['number', { uid, step: { step: 'flow_receipt', receiver: '110', number: '1' }, words: '' }],
    ['where', { uid, step: { step: 'announced', at: START, where: '市政府网站' }, words: '' }],
    ['words', { uid, step: { step: 'unclear' } }],
  ],
};

function inputOf({ procedure, path }: TextField): unknown {
  const variant = VARIANTS[procedure]?.find(([step]) => path.includes(step));
  return variant ? variant[1] : INPUTS[procedure];
}

/** An input of every procedure with text that is good but for the text that is put into it. */
const INPUTS: Readonly<Record<string, unknown>> = {
  'session.changePassword': { oldPassword: 'Demo-12345', newPassword: 'Demo-123456' },
  'drafts.open': { call: sampleCall('13800001234') },
  'drafts.save': {
    id: newId<DraftId>(START),
    revision: 0,
    content: sampleIntake({
      form,
      otherForms: [form],
      citations: [citation],
      promise: { text: '', dueAt: null, byName: '' },
    }),
  },
  'duplicates.find': { probe },
  'duplicates.separateDraft': { id: uid },
  'duplicates.unlink': { uid },
  'duplicates.withdrawNote': { uid, eventId: newId(START) },
  'notes.keep': { uid },
  'calls.record': {
    record: sampleRecord(sampleCall('13800001234'), { from: { seat: '1002', name: '周启明' }, legs: [sampleLeg()] }),
  },
  'attachments.begin': { name: '照片.jpg', size: 1 },
  'attachments.attach': { uid, files: [`${'a'.repeat(64)} 1 image/jpeg 照片.jpg`] },
  'citizens.lookup': {},
  'citizens.timeline': { uid: null, kinds: ['call'] },
  'citizens.save': {
    uid: null,
    seenAt: 0,
    changes: {
      name: '王芳',
      needs: { hearing: false, language: '' },
      phones: { kept: [], added: [] },
      flags: { removed: [], added: [{ kind: 'care', text: '', until: null }] },
    },
  },
  'citizens.search': {},
  'privacy.reveal': { subject: 'ticket', uid, field: 'phone' },
  'tickets.ids': { list: { kind: 'queue', statuses: ['to_dispatch'], filter: {} }, limit: 1 },
  'tickets.unitLoads': { units: [''] },
  'tickets.search': { query: '', filter: {} },
  'tickets.addNote': { uid, kind: 'note' },
  'tickets.decide': {
    decisions: [
      {
        uid,
        from: 'to_dispatch',
        act: { ...CHOSEN, action: 'dispatch', despiteReturn: false },
        words: '',
      },
    ],
  },
  'tickets.amend': { uid, changes: amendment, reason: '' },
  'views.save': {
    id: newId(START),
    name: '最急',
    place: 'dispatch',
    query: '',
    conditions: { ...NO_CONDITIONS, unit: '区城管局', agent: { value: '=王敏', label: '王敏' } },
    sort: 'due',
  },
  'outbox.takeCarried': { text: '', passphrase: '口令' },
  'outbox.merge': { opId: uid, values: { place } },
  'tickets.settlePromise': { uid, eventId: newId(START), how: 'kept' },
  'suggest.category': { title: '', content: '', originalWords: '', divisionCode: null, categoryCode: null },
  'knowledge.list': {},
  'knowledge.suggest': { categoryCode: null, text: '' },
  'knowledge.report': { uid, version: 1, kind: 'wrong' },
  'knowledge.propose': { uid, basedOn: 0, content: sampleArticle(), note: '' },
  'knowledge.review': { uid, proposalId: newId(START), decision: 'approve' },
  'knowledge.keepDraft': {
    uid,
    basedOn: 0,
    form: { ...toArticleForm(null), sources: [{ title: '', number: '', issuer: '', date: '' }] },
  },
  'quality.ids': { list: 'mine', filter: {}, limit: 1 },
  'quality.keepDraft': { ticketUid: uid, side: 'check', draft: { marks, words: '' } },
  'quality.score': { ticketUid: uid, marks },
  'quality.appeal': { ticketUid: uid },
  'quality.settle': { ticketUid: uid, marks, words: '维持' },
  'quality.calibrate': { ticketUid: uid, marks },
  'sync.decideHeld': { decision: 'keep', approver: { account: 'lead', password: 'Demo-12345' } },
  'session.signIn': { account: 'demo1001', password: 'Demo-12345' },
};

/** Of the many fields of an unfinished article, which all take the same huge text, one stands for all where the length is tried. */
const isHugeAgain = ({ procedure, path }: TextField) => procedure === 'knowledge.keepDraft' && path[1] !== 'title';

/** Signing in with wrong words locks: it comes last. */
const FIELDS = listTextFields().toSorted(
  (a, b) => Number(a.procedure === 'session.signIn') - Number(b.procedure === 'session.signIn'),
);

test('every text that any procedure takes has a longest length', () => {
  expect(FIELDS.length).toBeGreaterThan(80);
  expect(FIELDS.filter(({ max }) => !Number.isFinite(max))).toEqual([]);
});

/** Anything may stand in these: words only looked at for a suggestion, and the name of a file, which is made usable when it is stored. */
const isTransient = ({ procedure, path }: TextField) =>
  (procedure === 'suggest.category' && path[0] !== 'categoryCode') || procedure === 'attachments.begin';

test('too long a text, NUL and halves of pairs are refused by every procedure at every field', async () => {
  const taken: string[] = [];
  for (const field of FIELDS) {
    const { procedure, path, max } = field;
    const texts = {
      ...(isTransient(field) ? {} : UNSTORABLE_TEXTS),
      ...(isHugeAgain(field) ? {} : { 'too long': '很'.repeat(max + 1) }),
    };
    for (const [what, text] of Object.entries(texts)) {
      const code = await codeOf(callRaw(procedure, withText(inputOf(field), path, text)));
      if (code !== 'BAD_INPUT') taken.push(`${procedure} ${path.join('.')}: ${what} → ${code}`);
    }
  }
  expect(taken).toEqual([]);
});

/** Texts with a shape of their own: codes that are chosen, numbers that can be dialled, names of files, a password with its rules. */
const isShaped = ({ procedure, path }: TextField) =>
  ['session.changePassword', 'attachments.begin', 'attachments.attach', 'attachments.fetch'].includes(procedure) ||
  ['categoryCode', 'categoryCodes', 'phones'].some((step) => path.includes(step));

test('odd characters and the longest text are let in by every procedure at every field', async () => {
  const refused: string[] = [];
  for (const field of FIELDS.filter((each) => !isShaped(each))) {
    const { procedure, path, max } = field;
    const odd = max > ODD_TEXT.length ? ODD_TEXT : SHORT_ODD_TEXT.slice(0, max);
    for (const text of isHugeAgain(field) ? [odd] : [odd, '长'.repeat(max)]) {
      const code = await codeOf(callRaw(procedure, withText(inputOf(field), path, text)));
      if (code === 'BAD_INPUT' || code === 'INTERNAL') refused.push(`${procedure} ${path.join('.')} → ${code}`);
    }
  }
  expect(refused).toEqual([]);
});

test('a draft, with its special forms and citations, is kept as it was typed', async () => {
  const { client } = seat;
  const draft = await client.drafts.open({ call: null });
  const data = { site: ODD_TEXT, words: ['a', ODD_TEXT], long: `${ODD_TEXT}\n${'长'.repeat(10_000)}` };
  const empty = sampleIntake();
  const content = sampleIntake({
    title: ODD_TEXT,
    content: `${ODD_TEXT}\n${'长'.repeat(10_000)}`,
    originalWords: ODD_TEXT,
    answer: ODD_TEXT,
    subject: ODD_TEXT,
    tags: [SHORT_ODD_TEXT],
    caller: { ...empty.caller, name: SHORT_ODD_TEXT, phone: SHORT_ODD_TEXT },
    place: { ...empty.place, address: ODD_TEXT, landmark: ODD_TEXT },
    form: { ...form, data },
    otherForms: [{ ...form, data }],
  });
  await client.drafts.save({ id: draft.id, revision: 0, content });
  expect((await client.drafts.get({ id: draft.id })).content).toEqual(content);
});

test('notes, reminders, promises and what was begun of one stand on the ticket as they were typed', async () => {
  const { client } = seat;
  const draft = await client.drafts.open({ call: null });
  const { revision } = await client.drafts.save({ id: draft.id, revision: 0, content: sampleIntake() });
  const ticket = await client.drafts.submit({ id: draft.id, revision, outcome: 'submit' });
  const long = `${ODD_TEXT}\n${'长'.repeat(10_000)}`;
  await client.notes.keep({ uid: ticket.uid, text: long });
  expect(await client.notes.list()).toEqual([{ uid: ticket.uid, text: long }]);
  for (const kind of ['note', 'remind', 'promise'] as const) {
    await client.tickets.addNote({ uid: ticket.uid, kind, text: long });
    expect((await client.tickets.get({ uid: ticket.uid })).events.at(-1)).toMatchObject({ kind, text: long });
  }
});

test('a person’s record is kept as it was typed', async () => {
  const { client } = seat;
  const changes = {
    name: SHORT_ODD_TEXT,
    remark: ODD_TEXT,
    needs: { hearing: true, language: SHORT_ODD_TEXT },
    flags: { removed: [], added: [{ kind: 'care' as const, text: ODD_TEXT, until: null }] },
  };
  const person = await client.citizens.save({ uid: null, seenAt: 0, changes });
  expect((await client.citizens.get({ uid: person.uid })).citizen?.fields).toMatchObject({
    name: SHORT_ODD_TEXT,
    remark: ODD_TEXT,
    needs: { hearing: true, language: SHORT_ODD_TEXT },
    flags: [{ text: ODD_TEXT }],
  });
});

test('a call is logged with the names that came with it', async () => {
  const { client } = seat;
  const call = sampleCall('13800001234');
  const leg = sampleLeg({ party: { kind: 'seat', seat: '1002', name: SHORT_ODD_TEXT } });
  await client.calls.record({ record: sampleRecord(call, { name: SHORT_ODD_TEXT, legs: [leg] }) });
  expect(await client.calls.get({ callId: call.callId })).toMatchObject({ name: SHORT_ODD_TEXT, legs: [leg] });
});

test('what is written on an article is kept as it was typed: reported, begun, proposed', async () => {
  const record = articleRecord(sampleArticle());
  server.putRecord(record);
  server.user = EDITOR;
  await seat.client.session.signIn({ account: EDITOR.account, password: server.password });
  const { knowledge } = seat.client;
  await until('the article is here', async () => (await knowledge.list({})).total === 1);
  await knowledge.report({ uid: record.uid, version: 1, kind: 'wrong', text: ODD_TEXT });
  expect((await knowledge.get({ uid: record.uid })).article.doc.feedback).toMatchObject([{ text: ODD_TEXT }]);

  const lines = Object.fromEntries(SECTION_KINDS.map((kind) => [kind, `${ODD_TEXT}\n${'长'.repeat(10_000)}`]));
  const begun = {
    ...toArticleForm(null),
    title: ODD_TEXT,
    answer: `${ODD_TEXT}\n${'长'.repeat(10_000)}`,
    questions: ODD_TEXT,
    sections: { ...toArticleForm(null).sections, ...lines },
    sources: [{ title: ODD_TEXT, number: SHORT_ODD_TEXT, issuer: SHORT_ODD_TEXT, date: ODD_TEXT }],
    validFrom: ODD_TEXT,
    keywords: ODD_TEXT,
    changeNote: ODD_TEXT,
  };
  const uid = newId<RecordId>(START);
  await knowledge.keepDraft({ uid, basedOn: 0, form: begun });
  expect((await knowledge.desk()).drafts).toMatchObject([{ uid, form: begun }]);

  const content = sampleArticle({
    title: ODD_TEXT,
    answer: `${ODD_TEXT}\n${'长'.repeat(10_000)}`,
    questions: [ODD_TEXT],
    sections: [{ kind: 'ask', lines: [ODD_TEXT] }],
    sources: [{ title: ODD_TEXT, number: SHORT_ODD_TEXT, issuer: SHORT_ODD_TEXT, date: null }],
    keywords: [SHORT_ODD_TEXT],
  });
  await knowledge.propose({ uid, basedOn: 0, content, note: ODD_TEXT });
  expect((await knowledge.get({ uid })).article.doc.proposal).toMatchObject({ content, note: ODD_TEXT });
});
