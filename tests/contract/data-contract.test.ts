import { afterEach, beforeEach, expect, test } from 'vitest';
import { dataContract } from '#shared/contract/data.contract.ts';
import { NOTE_DRAFT_MAX } from '#shared/contract/drafts.contract.ts';
import { type DuplicateProbeInput, PROBE_TEXT } from '#shared/contract/duplicates.contract.ts';
import { SUGGEST_TEXT_MAX } from '#shared/contract/suggest.contract.ts';
import { toArticleForm } from '#shared/domain/article-form.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import { NO_MARKS } from '#shared/domain/quality/check.ts';
import { NO_CONDITIONS } from '#shared/domain/ticket-view.ts';
import { type DraftId, newId } from '#shared/kernel/ids.ts';
import { articleRecord, sampleArticle } from '#tests/support/data/articles.ts';
import { prepareConsoles, type TestConsole } from '#tests/support/data/console.ts';
import { ModelServer } from '#tests/support/data/model-server.ts';
import { codeOf, connectWindow } from '#tests/support/data/rpc-client.ts';
import {
  AGENT,
  START,
  sampleCall,
  sampleFields,
  sampleIntake,
  sampleRecord,
  sampleTicket,
} from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { until } from '#tests/support/data/until.ts';
import { makeSamples } from '#tests/support/suggest-samples.ts';

const tempFolder = prepareTempFolders();
const startConsole = prepareConsoles();
let server: ModelServer;
let seat: TestConsole;

beforeEach(async () => {
  server = await new ModelServer().start();
  seat = startConsole({ folder: tempFolder(), serverUrl: server.url });
});
afterEach(() => server.stop());

const SUGGEST_INPUT = { title: '', content: '路灯不亮', originalWords: '', divisionCode: null, categoryCode: null };

const signIn = () => seat.client.session.signIn({ account: 'demo1001', password: 'Demo-12345' });

/** Calls any procedure with any input, past the client's types. */
function callRaw(path: readonly string[], input: unknown): Promise<unknown> {
  const procedure = path.reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], seat.client);
  return (procedure as (input: unknown) => Promise<unknown>)(input);
}

/** A special form with a value that no database keeps exactly. */
function badForm(value: string) {
  return { id: 'noise', version: 1, data: { site: value } };
}

/** One decision about some ticket. */
const decide = (act: object) => ({ decisions: [{ uid: newId(START), from: 'to_dispatch', act, words: '' }] });

function listProcedures(): string[][] {
  return Object.entries(dataContract).flatMap(([noun, verbs]) => Object.keys(verbs).map((verb) => [noun, verb]));
}

function sampleProbe(): DuplicateProbeInput {
  const { title, content, originalWords, subject, place, categoryCode, caller } = sampleIntake();
  return { phone: caller.phone, title, content, originalWords, subject, place, categoryCode };
}

test('while locked every procedure but the session’s own and the change stream answers NOT_UNLOCKED', async () => {
  const inputs: Record<string, unknown> = {
    'drafts.open': { call: null },
    'drafts.save': { id: newId<DraftId>(START), revision: 0, content: sampleIntake() },
    'drafts.get': { id: newId(START) },
    'drafts.discard': { id: newId(START) },
    'drafts.discarded': { query: '' },
    'drafts.restore': { id: newId(START) },
    'drafts.submit': { id: newId(START), revision: 0, outcome: 'submit' },
    'calls.record': { record: sampleRecord(sampleCall('')) },
    'calls.ids': {},
    'calls.rows': { ids: [1] },
    'calls.get': { callId: newId(START) },
    'calls.saveSettings': { wrapUpMs: 60_000 },
    'citizens.lookup': { phone: '1' },
    'citizens.get': { uid: newId(START) },
    'citizens.older': { phone: '13900000000' },
    'tickets.searchOlder': { query: '13900000000' },
    'sync.saveTeam': { team: null },
    'sync.saveKeptTeams': { teams: [] },
    'sync.saveCachePolicy': { policy: { kind: 'months', months: 13 } },
    'citizens.search': { query: '王芳' },
    'citizens.timeline': { uid: newId(START), phone: '', kinds: ['call'] },
    'citizens.save': { uid: null, seenAt: 0, changes: { name: '王芳' } },
    'citizens.merge': { uid: newId(START), into: newId(START) },
    'citizens.split': { uid: newId(START) },
    'tickets.filterChoices': undefined,
    'tickets.rebuildIndex': undefined,
    'duplicates.find': { probe: sampleProbe() },
    'duplicates.joinDraft': { id: newId(START), revision: 0, ticketUid: newId(START), kind: 'note' },
    'duplicates.separateDraft': { id: newId(START), text: '撤回' },
    'duplicates.planLink': { id: newId(START), parentUid: null },
    'duplicates.unlink': { uid: newId(START), reason: '' },
    'duplicates.withdrawNote': { uid: newId(START), eventId: newId(START), text: '撤回' },
    'duplicates.relations': { uid: newId(START) },
    'privacy.reveal': { subject: 'ticket', uid: newId(START), field: 'phone', reason: '回拨核实' },
    'tickets.get': { uid: newId(START) },
    'tickets.ids': { list: { kind: 'queue', statuses: ['to_dispatch'] } },
    'tickets.rows': { ids: [1] },
    'tickets.search': { query: '路灯' },
    'tickets.addNote': { uid: newId(START), kind: 'note', text: '补充' },
    'tickets.unitLoads': { units: ['鼓楼区城管局'] },
    'tickets.queueCounts': undefined,
    'tickets.queueChildren': undefined,
    'tickets.decide': {
      decisions: [{ uid: newId(START), from: 'review', act: { action: 'send_to_dispatch' }, words: '' }],
    },
    'tickets.amend': { uid: newId(START), changes: { title: { from: '', to: '路灯' } }, reason: '' },
    'tickets.overlay': { uid: newId(START), step: { step: 'unclear' }, words: '两家都说不是自己的' },
    'tickets.settlePromise': { uid: newId(START), eventId: newId(START), how: 'kept', text: '' },
    'views.list': undefined,
    'views.save': {
      id: newId(START),
      name: '鼓楼区最急',
      place: 'dispatch',
      query: '',
      conditions: NO_CONDITIONS,
      sort: 'due',
    },
    'views.remove': { id: newId(START) },
    'notes.list': undefined,
    'notes.keep': { uid: newId(START), text: '写到一半' },
    'session.changePassword': { oldPassword: 'a', newPassword: 'b' },
    'knowledge.list': {},
    'knowledge.get': { uid: newId(START) },
    'knowledge.summaries': { uids: [] },
    'knowledge.suggest': { categoryCode: null, text: '' },
    'knowledge.report': { uid: newId(START), version: 1, kind: 'wrong', text: '电话不对' },
    'knowledge.propose': { uid: newId(START), basedOn: 0, content: sampleArticle(), note: '' },
    'knowledge.review': { uid: newId(START), proposalId: newId(START), decision: 'approve', reason: '' },
    'knowledge.keepDraft': { uid: newId(START), basedOn: 0, form: toArticleForm(null) },
    'knowledge.dropDraft': { uid: newId(START) },
    'knowledge.redoRefused': { opId: newId(START) },
    'knowledge.dropRefused': { opId: newId(START) },
    'quality.ids': { list: 'mine' },
    'quality.rows': { list: 'mine', ids: [1] },
    'quality.get': { ticketUid: newId(START), side: 'check' },
    'quality.keepDraft': { ticketUid: newId(START), side: 'check', draft: { marks: NO_MARKS, words: '' } },
    'quality.score': { ticketUid: newId(START), marks: NO_MARKS },
    'quality.appeal': { ticketUid: newId(START), words: '不同意' },
    'quality.settle': { ticketUid: newId(START), marks: null, words: '维持' },
    'quality.startCalibration': { ticketUid: newId(START) },
    'quality.calibrate': { ticketUid: newId(START), marks: NO_MARKS },
    'board.seat': { state: { position: 'ready', reason: null, forMs: 0, call: null, waiting: [] } },
    'board.get': undefined,
    'board.refresh': undefined,
    'reminders.list': undefined,
    'reminders.acknowledge': { reminders: [{ uid: newId(START), days: 1, dueAt: START }] },
    'outbox.redo': { opId: newId(START) },
    'outbox.compare': { opId: newId(START) },
    'outbox.merge': { opId: newId(START), values: { title: '路灯' } },
    'outbox.settled': undefined,
    'outbox.saveCarried': { passphrase: '雨天里的第三盏路灯还亮着' },
    'outbox.takeCarried': { text: '{}', passphrase: '雨天里的第三盏路灯还亮着' },
    'outbox.carried': undefined,
    'outbox.carriedBytes': { id: newId(START) },
    'outbox.takeCarriedBytes': { id: newId(START), data: '' },
    'outbox.correct': { opId: newId(START) },
    'outbox.discard': { opId: newId(START) },
    'sync.decideHeld': { decision: 'keep', approver: null },
    'suggest.category': SUGGEST_INPUT,
    'suggest.status': undefined,
    'attachments.begin': { name: 'a.jpg', size: 1 },
    'attachments.append': { id: newId(START), offset: 0, data: '' },
    'attachments.finish': { id: newId(START) },
    'attachments.abort': { id: newId(START) },
    'attachments.attach': { uid: newId(START), files: ['x'] },
    'attachments.ofTicket': { uid: newId(START) },
    'attachments.states': { hashes: [] },
    'attachments.fetch': { sha256: 'a'.repeat(64), name: 'a.jpg', ticketUid: null },
    'attachments.read': { sha256: 'a'.repeat(64), ticketUid: null, offset: 0 },
  };
  const open = ['session.status', 'session.signIn', 'session.lock', 'changes.subscribe'];
  for (const path of listProcedures()) {
    const name = path.join('.');
    if (open.includes(name)) continue;
    expect([name, await codeOf(callRaw(path, inputs[name]))]).toEqual([name, 'NOT_UNLOCKED']);
  }
  expect((await seat.client.session.status()).phase).toBe('locked');
  expect(await seat.client.session.lock()).toEqual({ ok: true });
});

test('bad input to any procedure is BAD_INPUT, without a word of what was sent', async () => {
  await signIn();
  const bad: readonly [string, unknown][] = [
    ['session.signIn', { account: '', password: 'x' }],
    ['session.signIn', { account: 'a', password: 'x', extra: 1 }],
    ['session.signIn', null],
    ['session.changePassword', { oldPassword: 'x' }],
    ['drafts.open', {}],
    ['drafts.open', { call: { ...sampleCall(''), callId: 'not-an-id' } }],
    ['drafts.save', { id: newId(START), revision: -1, content: sampleIntake() }],
    ['drafts.save', { id: newId(START), revision: 0, content: { ...sampleIntake(), title: 'x'.repeat(201) } }],
    ['drafts.save', { id: newId(START), revision: 0, content: sampleIntake({ content: 'a\u0000b' }) }],
    ['drafts.save', { id: newId(START), revision: 0, content: sampleIntake({ content: '\ud83d' }) }],
    ['drafts.save', { id: newId(START), revision: 0, content: { ...sampleIntake(), unknown: true } }],
    [
      'drafts.save',
      { id: newId(START), revision: 0, content: { ...sampleIntake(), form: { id: 'x', version: 0, data: {} } } },
    ],
    ['drafts.save', { id: newId(START), revision: 0, content: sampleIntake({ form: badForm('a\u0000b') }) }],
    ['drafts.save', { id: newId(START), revision: 0, content: sampleIntake({ form: badForm('\ud83d') }) }],
    [
      'drafts.save',
      { id: newId(START), revision: 0, content: sampleIntake({ otherForms: [badForm('x'.repeat(20_001))] }) },
    ],
    ['drafts.get', { id: '1' }],
    ['drafts.discard', { id: 5 }],
    ['drafts.restore', {}],
    ['drafts.submit', { id: newId(START), revision: 0, outcome: 'delete' }],
    ['calls.record', { record: { ...sampleRecord(sampleCall('')), ringAt: -1 } }],
    ['calls.record', { record: { ...sampleRecord(sampleCall('')), digits: '1234' } }],
    ['calls.record', { record: sampleRecord(sampleCall(''), { name: 'a\u0000b' }) }],
    ['calls.ids', { filter: 'lost' }],
    ['calls.rows', { ids: [] }],
    ['calls.get', { callId: '1' }],
    ['calls.saveSettings', { wrapUpMs: 1 }],
    ['citizens.older', { uid: null }],
    ['tickets.searchOlder', { query: '' }],
    ['sync.saveCachePolicy', { policy: { kind: 'months', months: 0 } }],
    ['sync.saveTeam', { team: ' 一班' }],
    ['sync.saveKeptTeams', { teams: ['一班', ''] }],
    ['drafts.submit', { id: newId(START), revision: 0, outcome: 'hand_off' }],
    ['citizens.lookup', { phone: 'x'.repeat(31) }],
    ['citizens.lookup', {}],
    ['tickets.get', { uid: "' OR 1=1" }],
    ['tickets.ids', { list: { kind: 'mine' }, limit: 0 }],
    ['tickets.ids', { list: { kind: 'mine' }, limit: 5_001 }],
    ['tickets.ids', { list: { kind: 'queue', statuses: [] } }],
    ['tickets.ids', { list: { kind: 'queue', statuses: ['unknown'] } }],
    ['tickets.rows', { ids: [] }],
    ['tickets.rows', { ids: Array.from({ length: 201 }, (_, i) => i + 1) }],
    ['tickets.search', { query: 'x'.repeat(201) }],
    ['tickets.search', { query: 'x', limit: 101 }],
    ['tickets.search', { query: '', filter: { statuses: [] } }],
    ['tickets.search', { query: '', filter: { category: '1' } }],
    ['tickets.search', { query: '', filter: { division: "320106' OR 1" } }],
    ['tickets.search', { query: '', filter: { units: ['a\u0000'] } }],
    ['tickets.search', { query: '', filter: { from: -1 } }],
    ['tickets.search', { query: '', filter: { somethingElse: 1 } }],
    ['citizens.search', { query: 'x'.repeat(201) }],
    ['citizens.search', { query: 'x', limit: 51 }],
    ['citizens.get', { uid: '1' }],
    ['citizens.timeline', { uid: null, phone: '1', kinds: [] }],
    ['citizens.timeline', { uid: null, phone: '1', kinds: ['call'], limit: 201 }],
    ['citizens.save', { uid: null, seenAt: 0, changes: { name: 'x'.repeat(61) } }],
    ['citizens.save', { uid: null, seenAt: 0, changes: { phones: { kept: [-1], added: [] } } }],
    ['citizens.save', { uid: null, seenAt: 0, changes: { phones: { kept: [], added: Array(11).fill('1') } } }],
    ['citizens.save', { uid: null, seenAt: 0, changes: { mergedInto: newId(START) } }],
    ['citizens.merge', { uid: newId(START), into: 'x' }],
    ['citizens.split', {}],
    ['tickets.addNote', { uid: newId(START), kind: 'promise', text: 'x', dueAt: -1 }],
    ['privacy.reveal', { subject: 'ticket', uid: newId(START), field: 'phone', reason: ' ' }],
    ['privacy.reveal', { subject: 'ticket', uid: newId(START), field: 'everything', reason: '回拨核实' }],
    ['privacy.reveal', { subject: 'user', uid: newId(START), field: 'phone', reason: '回拨核实' }],
    ['privacy.reveal', { subject: 'ticket', uid: newId(START), field: 'phone', reason: 'x'.repeat(201) }],
    ['tickets.addNote', { uid: newId(START), kind: 'note', text: '' }],
    ['tickets.decide', { decisions: [] }],
    ['tickets.decide', decide({ action: 'archive' })],
    ['tickets.decide', decide({ action: 'dispatch', unit: ' ', coUnits: [], basis: 'manual', despiteReturn: false })],
    ['tickets.decide', decide({ action: 'put_on_account', reviewInDays: 0 })],
    [
      'tickets.decide',
      decide({ action: 'close', callback: { reached: true, solved: null, satisfied: null, cause: null } }),
    ],
    ['suggest.category', { ...SUGGEST_INPUT, content: 'x'.repeat(SUGGEST_TEXT_MAX + 1) }],
    ['suggest.category', { ...SUGGEST_INPUT, divisionCode: '鼓楼' }],
    ['suggest.category', {}],
    ['notes.keep', { uid: 'x', text: '' }],
    ['notes.keep', { uid: newId(START), text: '字'.repeat(NOTE_DRAFT_MAX + 1) }],
    ['notes.keep', { uid: newId(START), text: 'a\u0000b' }],
    ['tickets.addNote', { uid: newId(START), kind: 'close', text: 'x' }],
    ['duplicates.find', { probe: { ...sampleProbe(), content: '字'.repeat(PROBE_TEXT + 1) } }],
    ['duplicates.find', { probe: { ...sampleProbe(), title: 'a\u0000b' } }],
    ['duplicates.find', { probe: { ...sampleProbe(), content: '\ud83d' } }],
    ['duplicates.find', { probe: { ...sampleProbe(), more: 1 } }],
    ['duplicates.find', { probe: sampleProbe(), limit: 21 }],
    ['duplicates.joinDraft', { id: newId(START), revision: 0, ticketUid: newId(START), kind: 'close' }],
    ['duplicates.joinDraft', { id: newId(START), revision: -1, ticketUid: newId(START), kind: 'note' }],
    ['duplicates.separateDraft', { id: newId(START), text: '' }],
    ['duplicates.planLink', { id: newId(START) }],
    ['duplicates.unlink', { uid: newId(START), reason: 'a\u0000b' }],
    ['duplicates.unlink', { uid: newId(START), reason: 'x'.repeat(501) }],
    ['duplicates.withdrawNote', { uid: newId(START), eventId: newId(START), text: '' }],
    ['duplicates.relations', {}],
    ['knowledge.list', { query: 'x'.repeat(201) }],
    ['knowledge.list', { query: '\ud83d' }],
    ['knowledge.list', { category: "02' OR" }],
    ['knowledge.list', { state: 'secret' }],
    ['knowledge.list', { limit: 201 }],
    ['knowledge.summaries', { uids: Array.from({ length: 21 }, () => newId(START)) }],
    ['knowledge.suggest', { categoryCode: null, text: 'a\u0000b' }],
    ['knowledge.suggest', { categoryCode: null, text: '字'.repeat(60_001) }],
    ['knowledge.report', { uid: newId(START), version: 1, kind: 'wrong', text: '' }],
    ['knowledge.report', { uid: newId(START), version: 1, kind: 'ugly', text: 'x' }],
    ['knowledge.propose', { uid: newId(START), basedOn: 0, content: sampleArticle({ title: '' }), note: '' }],
    [
      'knowledge.propose',
      { uid: newId(START), basedOn: 0, content: sampleArticle({ validTo: '2026-13-01' }), note: '' },
    ],
    ['knowledge.propose', { uid: newId(START), basedOn: -1, content: sampleArticle(), note: '' }],
    // Who is refused has a right to know why.
    ['knowledge.review', { uid: newId(START), proposalId: newId(START), decision: 'refuse', reason: ' ' }],
    [
      'knowledge.keepDraft',
      { uid: newId(START), basedOn: 0, form: { ...toArticleForm(null), title: '字'.repeat(200_001) } },
    ],
    ['knowledge.keepDraft', { uid: newId(START), basedOn: 0, form: { ...toArticleForm(null), more: '' } }],
    ['knowledge.dropRefused', { opId: 1 }],
    ['quality.ids', { list: 'secret' }],
    [
      'quality.score',
      { ticketUid: newId(START), marks: { ...NO_MARKS, deductions: [{ item: 'facts', points: 0, reason: 'x' }] } },
    ],
    ['quality.score', { ticketUid: newId(START), marks: { ...NO_MARKS, vetoes: [{ veto: "x' OR", reason: 'x' }] } }],
    ['quality.appeal', { ticketUid: newId(START), words: '' }],
    ['quality.settle', { ticketUid: newId(START), marks: null, words: '' }],
    ['board.seat', { state: { position: 'asleep', reason: null, forMs: 0, call: null, waiting: [] } }],
    ['board.seat', { state: { position: 'ready', reason: null, forMs: -1, call: null, waiting: [] } }],
    ['board.seat', { state: { position: 'ready', reason: null, forMs: 0, call: null, waiting: [], name: '王先生' } }],
    ['reminders.acknowledge', { reminders: [] }],
    ['reminders.acknowledge', { reminders: [{ uid: newId(START), days: 2, dueAt: START }] }],
    ['outbox.redo', { opId: '1' }],
    ['outbox.merge', { opId: newId(START), values: { title: { a: 1 } } }],
    ['tickets.amend', { uid: newId(START), changes: {}, reason: '' }],
    ['outbox.correct', {}],
    ['attachments.begin', { name: 'a.jpg', size: -1 }],
    ['attachments.begin', { name: '/etc/passwd', size: 1, path: '/etc/passwd' }],
    ['attachments.append', { id: newId(START), offset: 0, data: 'not base64!' }],
    ['attachments.append', { id: newId(START), offset: 0, data: 'A'.repeat(400_000) }],
    ['attachments.attach', { uid: newId(START), files: [] }],
    ['attachments.states', { hashes: ['../..'] }],
    ['attachments.read', { sha256: 'x', ticketUid: null, offset: 0 }],
    ['outbox.discard', {}],
    ['sync.decideHeld', { decision: 'perhaps', approver: null }],
    ['sync.decideHeld', { decision: 'delete' }],
    ['sync.decideHeld', { decision: 'delete', approver: { account: 'lead', password: '' } }],
  ];
  for (const [name, input] of bad) {
    const call = callRaw(name.split('.'), input);
    await expect(call, name).rejects.toMatchObject({ code: 'BAD_INPUT', defined: true, data: undefined });
  }
});

test('a second call about the same lamp: candidate, 补充, undo, 提议并单, undo', async () => {
  await signIn();
  const { client } = seat;
  const submit = async (content: ReturnType<typeof sampleIntake>) => {
    const draft = await client.drafts.open({ call: null });
    const { revision } = await client.drafts.save({ id: draft.id, revision: 0, content });
    return (await client.drafts.submit({ id: draft.id, revision, outcome: 'submit' })).uid;
  };
  const place = { divisionCode: '320106', address: '中央路260号', landmark: '', coordinates: null };
  const lamp = await submit(sampleIntake({ place }));
  const probe = { ...sampleProbe(), title: '', content: '中央路260号这边路灯不亮', phone: '' };
  const [candidate] = await client.duplicates.find({ probe });
  expect(candidate).toMatchObject({ ticket: { uid: lamp, title: '路灯不亮' }, parent: null });
  expect(candidate?.reasons).toContainEqual({ kind: 'place', level: 'number', name: '中央路260号' });

  const draft = await client.drafts.open({ call: null });
  const { revision } = await client.drafts.save({
    id: draft.id,
    revision: 0,
    content: sampleIntake({ content: '又有人来电说灯还是不亮' }),
  });
  await client.duplicates.joinDraft({ id: draft.id, revision, ticketUid: lamp, kind: 'note' });
  expect((await client.tickets.get({ uid: lamp })).events.at(-1)?.text).toContain('灯还是不亮');
  const { withdrawable } = await client.duplicates.relations({ uid: lamp });
  expect(withdrawable).toMatchObject([{ draftId: draft.id }]);
  const back = await client.duplicates.separateDraft({ id: draft.id, text: '撤回上一条补充' });
  expect(back.draft).toMatchObject({ id: draft.id, ticketUid: null, revision });
  await client.duplicates.planLink({ id: draft.id, parentUid: lamp });
  const { uid } = await client.drafts.submit({ id: draft.id, revision, outcome: 'submit' });
  expect(await client.duplicates.relations({ uid })).toMatchObject({
    parent: { uid: lamp },
    link: { state: 'proposed' },
  });
  await client.duplicates.unlink({ uid, reason: '' });
  expect(await client.duplicates.relations({ uid: lamp })).toMatchObject({ children: [] });
  expect(await codeOf(client.duplicates.unlink({ uid, reason: '' }))).toBe('CANNOT_LINK');
});

test('raw nonsense on the port neither ends the process nor disturbs the calls around it', async () => {
  await signIn();
  const pending = seat.client.sync.status();
  for (const message of [
    '',
    '{',
    'null',
    '[]',
    '{"i":1}',
    '{"i":"x","p":{"u":"/nothing/there"}}',
    new Uint8Array([0xff, 0]),
  ]) {
    seat.port.postMessage(message);
  }
  expect((await pending).connection).toBeDefined();
  expect((await seat.client.session.status()).phase).toBe('unlocked');
  // The last but one is a proper call of something that does not exist.
  expect(seat.reported).toHaveLength(6);
});

test('an agent reads, cites and reports articles; what only editors may do is refused in words', async () => {
  const record = articleRecord(sampleArticle());
  server.putRecord(record);
  await signIn();
  const { client } = seat;
  await until('the article is here', async () => (await client.knowledge.list({})).total === 1);
  expect(await client.knowledge.list({ query: '路灯 报修', category: '0202', state: 'valid' })).toMatchObject({
    total: 1,
    articles: [{ uid: record.uid, title: '路灯不亮怎么报修', version: 1, validity: 'valid', pending: false }],
  });
  expect(await client.knowledge.suggest({ categoryCode: '020201', text: '' })).toMatchObject([
    { uid: record.uid, byCategory: true, byText: false },
  ]);
  expect(await client.knowledge.summaries({ uids: [record.uid, newId(START)] })).toMatchObject([{ version: 1 }]);
  await client.knowledge.report({ uid: record.uid, version: 1, kind: 'wrong', text: '电话不对' });
  const view = await client.knowledge.get({ uid: record.uid });
  expect(view.article.doc.feedback).toMatchObject([{ kind: 'wrong', text: '电话不对', byName: AGENT.name }]);
  expect(await codeOf(client.knowledge.get({ uid: newId(START) }))).toBe('NOT_FOUND');
  expect(
    await codeOf(client.knowledge.propose({ uid: record.uid, basedOn: 1, content: sampleArticle(), note: '' })),
  ).toBe('FORBIDDEN');
  const form = toArticleForm(sampleArticle());
  await client.knowledge.keepDraft({ uid: record.uid, basedOn: 1, form });
  expect(await client.knowledge.desk()).toEqual({
    drafts: [{ uid: record.uid, basedOn: 1, form, updatedAt: START }],
    refused: [],
  });
  await client.knowledge.dropDraft({ uid: record.uid });
  expect((await client.knowledge.desk()).drafts).toEqual([]);
});

test('a draft goes from the first ring to a ticket that is on the server once', async () => {
  const user = await signIn();
  expect(user).toEqual(AGENT);
  const { client } = seat;
  const call = sampleCall('+86 138 0000 1234');
  const draft = await client.drafts.open({ call });
  expect(draft).toMatchObject({ callId: call.callId, revision: 0, ticketUid: null });
  expect(draft.content.caller.phone).toBe('13800001234');
  expect((await client.drafts.open({ call })).id).toBe(draft.id);
  const saved = await client.drafts.save({ id: draft.id, revision: 0, content: sampleIntake() });
  expect(saved).toEqual({ revision: 1, savedAt: START });
  await expect(
    client.drafts.save({ id: draft.id, revision: 0, content: sampleIntake({ title: '别的' }) }),
  ).rejects.toMatchObject({
    code: 'DRAFT_STALE',
    data: { revision: 1 },
  });
  await client.calls.record({ record: sampleRecord(call, { outcome: null, endedAt: null }) });
  expect((await client.drafts.get({ id: draft.id })).call?.answeredAt).toBe(START + 3_000);
  expect(await client.drafts.list()).toHaveLength(1);
  const made = await client.drafts.submit({ id: draft.id, revision: 1, outcome: 'submit' });
  expect(made.provisionalNo).toBe('暂1001-1122-001');
  expect(await client.drafts.submit({ id: draft.id, revision: 1, outcome: 'submit' })).toEqual(made);
  await expect(client.drafts.save({ id: draft.id, revision: 1, content: sampleIntake() })).rejects.toMatchObject({
    code: 'DRAFT_SUBMITTED',
    data: { ticketUid: made.uid },
  });
  expect(await client.drafts.list()).toEqual([]);
  await until('ticket confirmed', async () => !(await client.tickets.get({ uid: made.uid })).pending);
  const ticket = await client.tickets.get({ uid: made.uid });
  expect(ticket).toMatchObject({ number: 1, status: 'to_dispatch', version: 1, provisionalNo: made.provisionalNo });
  expect(ticket.fields.call?.answeredAt).toBe(START + 3_000);
  expect(server.tickets.size).toBe(1);
  expect(await client.outbox.list()).toEqual([]);
});

test('an incomplete form is refused with its problems in the order of the form', async () => {
  await signIn();
  const draft = await seat.client.drafts.open({ call: null });
  await expect(seat.client.drafts.submit({ id: draft.id, revision: 0, outcome: 'submit' })).rejects.toMatchObject({
    code: 'INTAKE_INCOMPLETE',
    data: {
      problems: [
        { field: 'type', code: 'REQUIRED' },
        { field: 'categoryCode', code: 'REQUIRED' },
        { field: 'title', code: 'REQUIRED' },
        { field: 'content', code: 'REQUIRED' },
        { field: 'caller.phone', code: 'REQUIRED' },
      ],
    },
  });
});

test('a discarded draft can be restored with its words', async () => {
  await signIn();
  const { client } = seat;
  const draft = await client.drafts.open({ call: null });
  await client.drafts.save({ id: draft.id, revision: 0, content: sampleIntake() });
  await client.drafts.discard({ id: draft.id });
  expect(await client.drafts.list()).toEqual([]);
  // The form of a call nobody wrote about is nothing to bring back.
  await client.drafts.discard({ id: (await client.drafts.open({ call: sampleCall('13912345678') })).id });
  const discarded = async (query: string) => (await client.drafts.discarded({ query })).drafts;
  expect((await discarded('')).map(({ id, content }) => ({ id, content }))).toEqual([
    { id: draft.id, content: sampleIntake() },
  ]);
  const { title, caller } = sampleIntake();
  expect(await discarded(title.slice(0, 2))).toHaveLength(1);
  expect(await discarded(formatPhone(caller.phone))).toHaveLength(1);
  expect(await discarded('查无此事')).toEqual([]);
  expect(await codeOf(client.drafts.get({ id: draft.id }))).toBe('NOT_FOUND');
  expect(await codeOf(client.drafts.save({ id: draft.id, revision: 1, content: sampleIntake() }))).toBe('NOT_FOUND');
  const restored = await client.drafts.restore({ id: draft.id });
  expect(restored.content).toEqual(sampleIntake());
  expect(await client.drafts.list()).toHaveLength(1);
  expect(await discarded('')).toEqual([]);
});

test('lists, search, notes and the caller’s card show what was pulled', async () => {
  for (let i = 1; i <= 30; i++) server.putTicket(sampleTicket(i));
  await signIn();
  const { client } = seat;
  await until('caught up', async () => (await client.sync.status()).parity === 'equal');
  expect((await client.sync.status()).cached).toEqual({ tickets: 30, citizens: 0 });
  const numbersOf = async (ids: number[]) =>
    (await client.tickets.rows({ ids })).rows.map(({ id, ticket }) => {
      expect(ids).toContain(id);
      return ticket.number;
    });
  const list = { kind: 'queue' as const, statuses: ['to_dispatch' as const, 'handling' as const] };
  const first = await client.tickets.ids({ list, limit: 20 });
  expect(await numbersOf(first.ids)).toEqual(Array.from({ length: 20 }, (_, i) => 30 - i));
  const second = await client.tickets.ids({ list, limit: 20, before: first.next ?? 0 });
  expect(await numbersOf([...second.ids, 9_999])).toEqual(Array.from({ length: 10 }, (_, i) => 10 - i));
  expect(second.next).toBeNull();
  expect(await client.tickets.ids({ list: { kind: 'mine' } })).toEqual({ ids: [], next: null });
  const card = await client.citizens.lookup({ phone: '+86 138-0000-1234' });
  expect(card.tickets).toHaveLength(20);
  expect(card.totals).toEqual({ tickets: 30, open: 30, last30Days: 30, calls: 0 });
  const found = await client.tickets.search({ query: '中央路260号', limit: 5 });
  expect(found.tickets.map((ticket) => ticket.number)).toEqual([30, 29, 28, 27, 26]);
  const uid = card.tickets[0]?.uid;
  if (!uid) throw new Error('card has tickets');
  await client.notes.keep({ uid, text: '又来电' });
  expect(await client.notes.list()).toEqual([{ uid, text: '又来电' }]);
  await client.tickets.addNote({ uid, kind: 'remind', text: '又来电催办' });
  expect(await client.notes.list()).toEqual([]);
  const noted = await client.tickets.get({ uid });
  expect(noted.events.at(-1)).toMatchObject({ kind: 'remind', text: '又来电催办', actorName: '林晓雯' });
  await until('note confirmed', async () => (await client.outbox.list()).length === 0);
  expect(await codeOf(client.tickets.get({ uid: newId(START) }))).toBe('NOT_FOUND');
  expect(await codeOf(client.tickets.addNote({ uid: newId(START), kind: 'note', text: 'x' }))).toBe('NOT_FOUND');
});

test('the outbox lists, exports and sends on demand', async () => {
  await signIn();
  const { client } = seat;
  await until('online', async () => (await client.sync.status()).connection === 'online');
  await server.stop();
  const draft = await client.drafts.open({ call: null });
  await client.drafts.save({ id: draft.id, revision: 0, content: sampleIntake() });
  const { uid } = await client.drafts.submit({ id: draft.id, revision: 1, outcome: 'submit' });
  await until('offline', async () => (await client.sync.status()).connection === 'offline');
  const waiting = await client.outbox.list();
  expect(waiting.map((item) => [item.s, item.kind, item.state])).toEqual([
    [1, 'citizen.upsert', 'waiting'],
    [2, 'ticket.create', 'waiting'],
  ]);
  const file = await client.outbox.exportAll();
  expect(file.fileName).toMatch(/^outbox-1001-\d{8}-\d{6}\.json$/);
  const exported = JSON.parse(file.text) as { operations: { uid: string; args: { fields: { content?: string } } }[] };
  expect(exported.operations[1]).toMatchObject({ uid, args: { fields: { content: sampleIntake().content } } });
  await server.resume();
  await client.outbox.retryNow();
  await until('sent', async () => (await client.outbox.list()).length === 0);
  expect(server.tickets.has(uid)).toBe(true);
});

test('calls are recorded and never lose known facts', async () => {
  await signIn();
  const { client } = seat;
  const call = sampleCall('13800001234');
  await client.calls.record({
    record: sampleRecord(call, { answeredAt: START + 1, endedAt: START + 9, heldMs: 4, outcome: 'answered' }),
  });
  await client.calls.record({ record: sampleRecord(call, { answeredAt: null, endedAt: null, outcome: null }) });
  expect(await client.calls.get({ callId: call.callId })).toMatchObject({ outcome: 'answered', heldMs: 4 });
  expect((await client.citizens.lookup({ phone: '13800001234' })).totals.calls).toBe(1);
  const draft = await client.drafts.open({ call });
  await client.calls.record({ record: sampleRecord(call, { answeredAt: null, endedAt: null, outcome: null }) });
  expect((await client.drafts.get({ id: draft.id })).call).toMatchObject({ answeredAt: START + 1, endedAt: START + 9 });
});

test('windows hear which topics changed, together and only while they listen', async () => {
  await signIn();
  const other = connectWindow(seat.dataProcess);
  const stream = await other.client.changes.subscribe();
  const heard: string[] = [];
  const listening = (async () => {
    for await (const { topics } of stream) {
      heard.push(...topics);
      if (topics.includes('drafts')) break;
    }
  })();
  await until('subscribed', async () => {
    await seat.client.drafts.open({ call: null });
    return heard.includes('drafts');
  });
  await listening;
  expect(heard).toContain('drafts');
  other.port.close();
  const draft = await seat.client.drafts.open({ call: null });
  expect(draft.revision).toBe(0);
});

test('lock closes everything, unlocking needs the password and no network', async () => {
  await signIn();
  const draft = await seat.client.drafts.open({ call: null });
  await server.stop();
  await seat.client.session.lock();
  expect(await codeOf(seat.client.drafts.list())).toBe('NOT_UNLOCKED');
  expect((await seat.client.session.status()).profiles).toEqual([{ account: 'demo1001', name: '林晓雯' }]);
  expect(await codeOf(seat.client.session.signIn({ account: 'demo1001', password: 'wrong' }))).toBe('BAD_CREDENTIALS');
  await signIn();
  expect((await seat.client.drafts.list()).map((each) => each.id)).toEqual([draft.id]);
});

test('after shutdown has begun, calls are refused and the folder is free again', async () => {
  await signIn();
  const { dataProcess, client } = seat;
  const closing = dataProcess.shutDown();
  expect(await codeOf(client.drafts.list())).toBe('SHUTTING_DOWN');
  await closing;
  expect(await codeOf(signIn())).toBe('SHUTTING_DOWN');
});

test('categories and units are suggested from the history, also without a network, and choices are counted', async () => {
  const place = { divisionCode: '320106003', address: '', landmark: '', coordinates: null };
  for (const [i, { text, code }] of makeSamples(250).entries()) {
    const fields = sampleFields({ ...text, categoryCode: code, place });
    server.putTicket(sampleTicket(i + 1, { fields, unit: code === '020201' ? '南京市路灯管理处' : null }));
  }
  await signIn();
  const { client } = seat;
  await until('the history was learnt', async () => (await client.suggest.status()).basis === 'history');
  await server.stop();
  const asked = { ...SUGGEST_INPUT, content: '一整条路的路灯都灭着', divisionCode: '320106' };
  const { suggestions } = await client.suggest.category(asked);
  expect(suggestions[0]).toMatchObject({ code: '020201', unit: { name: '南京市路灯管理处', share: 1, tickets: 50 } });
  const confidence = suggestions[0]?.confidence ?? null;
  // Nothing is refused while somebody types, and nothing is known of it.
  expect(await client.suggest.category({ ...SUGGEST_INPUT, content: '\u0000\ud83d' })).toMatchObject({
    suggestions: [],
  });

  const draft = await client.drafts.open({ call: null });
  const content = sampleIntake({ categoryCode: '020201', categoryChoice: { by: 'suggested', confidence } });
  await client.drafts.save({ id: draft.id, revision: 0, content });
  const { uid } = await client.drafts.submit({ id: draft.id, revision: 1, outcome: 'submit' });
  expect((await client.tickets.get({ uid })).fields.categoryChoice).toEqual({ by: 'suggested', confidence });
  expect((await client.suggest.status()).choices).toEqual({ offered: 1, taken: 1 });
});
