import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { EMPTY_CITIZEN_FIELDS } from '#shared/domain/citizen.ts';
import { EMPTY_EXTRAS, type Ticket, type TicketFields } from '#shared/domain/ticket.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type CitizenId, type ConsoleId, type EventId, newId, type OpId, type TicketId } from '#shared/kernel/ids.ts';
import { HEADERS, PROTOCOL_VERSION, SCHEMA_VERSION } from '#shared/sync/protocol.ts';
import {
  canonicalOpText,
  type HelloResponse,
  helloResponseSchema,
  type Op,
  type OpOf,
  type PullResponse,
  type PushResponse,
  type pullRequestSchema,
  pullResponseSchema,
  pushResponseSchema,
  type WireRow,
} from '#shared/sync/wire.ts';
import { CENTRE, PASSWORD } from './server.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** One request with JSON in and out; nothing is thrown for an error status. */
export async function request(
  url: string,
  path: string,
  options: { readonly method?: string; readonly body?: unknown; readonly headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method: options.method ?? (options.body === undefined ? 'GET' : 'POST'),
    headers: { ...(options.body === undefined ? {} : { 'content-type': 'application/json' }), ...options.headers },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}

/** The error code of an answer, or null when it is none. */
export function codeOf(answer: Answer): string | null {
  const { body } = answer;
  return typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : null;
}

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

let phones = 0;

/** Another caller each time, so that nothing is a repetition by chance. */
function nextPhone(): string {
  return `138${String(++phones).padStart(8, '0')}`;
}

/** Fields of a complete ticket: a lamp that is dark, nothing special about it. */
export function ticketFields(over: Partial<TicketFields> = {}): TicketFields {
  return {
    ...EMPTY_EXTRAS,
    type: 'help',
    categoryCode: '010101',
    title: '路灯不亮',
    content: '小区门口的路灯三天没有亮了',
    originalWords: '',
    demands: ['repair'],
    channel: 'phone',
    line: '12345',
    citizenUid: null,
    caller: {
      name: '王先生',
      gender: 'male',
      kind: 'person',
      phone: nextPhone(),
      anonymous: false,
      confidential: false,
    },
    place: { divisionCode: '320102', address: '某路 1 号', landmark: '东门', coordinates: null },
    occurredAt: null,
    subject: '',
    urgency: 'normal',
    markers: [],
    tags: [],
    call: null,
    answer: null,
    ...over,
  };
}

type OpBody = { [K in Op['kind']]: Pick<OpOf<K>, 'kind' | 'uid' | 'args'> }[Op['kind']];

/** Numbers and hashes an operation the way a console does. */
export function toOp(s: number, body: OpBody, over: Partial<Op> = {}): Op {
  const now = systemClock.now();
  const hash = createHash('sha256').update(canonicalOpText(body)).digest('hex');
  return { s, opId: newId<OpId>(now), at: now, baseVersion: 0, hash, ...body, ...over } as Op;
}

export function createTicketBody(
  fields: Partial<TicketFields> = {},
  over: Partial<Extract<Op, { kind: 'ticket.create' }>['args']> = {},
): Extract<OpBody, { kind: 'ticket.create' }> {
  const now = systemClock.now();
  return {
    kind: 'ticket.create',
    uid: newId<TicketId>(now),
    args: {
      provisionalNo: '暂1001-1122-001',
      centre: CENTRE,
      fields: ticketFields(fields),
      outcome: 'submit',
      createdAt: now,
      madeOffline: false,
      eventId: newId<EventId>(now),
      ...over,
    },
  };
}

export function noteBody(
  uid: TicketId,
  text: string,
  kind: 'note' | 'remind' = 'note',
): Extract<OpBody, { kind: 'ticket.note' }> {
  return { kind: 'ticket.note', uid, args: { eventId: newId<EventId>(systemClock.now()), kind, text } };
}

export function citizenBody(
  name: string,
  phones: readonly string[],
  uid?: CitizenId,
): Pick<OpOf<'citizen.upsert'>, 'kind' | 'uid' | 'args'> {
  return {
    kind: 'citizen.upsert',
    uid: uid ?? newId<CitizenId>(systemClock.now()),
    args: {
      centre: CENTRE,
      fields: {
        ...EMPTY_CITIZEN_FIELDS,
        name,
        gender: 'unknown',
        kind: 'person',
        phones: [...phones],
        confidential: false,
        remark: '',
      },
    },
  };
}

/** A console as the server sees one: tokens, headers, numbering, cursors. Holds no database. */
export class TestConsole {
  readonly url: string;
  readonly id: ConsoleId;
  incarnation = 1;
  nextS = 1;
  mode: 'demo' | 'production' = 'production';
  tokens: Tokens = { accessToken: '', refreshToken: '' };

  constructor(url: string, id: ConsoleId = newId<ConsoleId>(systemClock.now())) {
    this.url = url;
    this.id = id;
  }

  async signIn(account: string, password = PASSWORD): Promise<this> {
    const answer = await request(this.url, '/api/v1/auth/login', { body: { account, password, console: this.id } });
    if (answer.status !== 200) throw new Error(`sign-in failed: ${answer.status} ${codeOf(answer)}`);
    this.tokens = answer.body as Tokens;
    return this;
  }

  get headers(): Record<string, string> {
    return {
      authorization: `Bearer ${this.tokens.accessToken}`,
      [HEADERS.protocol]: String(PROTOCOL_VERSION),
      [HEADERS.schema]: String(SCHEMA_VERSION),
      [HEADERS.console]: this.id,
      [HEADERS.mode]: this.mode,
    };
  }

  send(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return request(this.url, `/api/v1${path}`, { body, headers: { ...this.headers, ...headers } });
  }

  /** The next operation of this console. */
  op(body: OpBody, over: Partial<Op> = {}): Op {
    return toOp(this.nextS++, body, over);
  }

  async hello(): Promise<HelloResponse> {
    const body = { console: this.id, incarnation: this.incarnation, schema: SCHEMA_VERSION, lastOp: this.nextS - 1 };
    return helloResponseSchema.parse((await this.send('/sync/hello', body)).body);
  }

  rawPush(ops: readonly unknown[]): Promise<Answer> {
    return this.send('/sync/push', { console: this.id, incarnation: this.incarnation, ops });
  }

  async push(ops: readonly unknown[]): Promise<PushResponse> {
    const answer = await this.rawPush(ops);
    if (answer.status !== 200) throw new Error(`push failed: ${answer.status} ${codeOf(answer)}`);
    return pushResponseSchema.parse(answer.body);
  }

  /** Numbers one operation, sends it alone, gives its result. */
  async pushOne(body: OpBody, over: Partial<Op> = {}): Promise<PushResponse['results'][number]> {
    const { results } = await this.push([this.op(body, over)]);
    const [result] = results;
    if (!result) throw new Error('no result');
    return result;
  }

  async pull(cursors: z.infer<typeof pullRequestSchema>['cursors'], limit = 2_000): Promise<PullResponse> {
    const answer = await this.send('/sync/pull', { cursors, limit });
    if (answer.status !== 200) throw new Error(`pull failed: ${answer.status} ${codeOf(answer)}`);
    return pullResponseSchema.parse(answer.body);
  }

  /** Pulls every scope from the start until caught up. */
  async pullAll(limit = 2_000): Promise<{ readonly rows: readonly WireRow[]; readonly last: PullResponse }> {
    const { scopes } = await this.hello();
    let cursors = scopes.map((scope) => ({ scope: scope.id, epoch: scope.epoch, seq: 0 }));
    const rows: WireRow[] = [];
    for (;;) {
      const answer = await this.pull(cursors, limit);
      rows.push(...answer.rows);
      cursors = answer.cursors;
      if (!answer.more) return { rows, last: answer };
    }
  }
}

/** A ticket as a console of its line pulls it. */
export async function pullTicket(console: TestConsole, uid: string): Promise<Ticket> {
  const { rows } = await console.pullAll();
  const row = rows.find((one) => one.row.uid === uid);
  if (row?.table !== 'tickets') throw new Error('not pulled');
  return row.row;
}
