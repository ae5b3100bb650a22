import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { User } from '#shared/contract/server.contract.ts';
import type { Citizen } from '#shared/domain/citizen.ts';
import type { SyncedRecord } from '#shared/domain/record.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { addToDigest, EMPTY_DIGEST, formatDigest } from '#shared/kernel/row-hash.ts';
import {
  applyOpToCitizen,
  applyOpToTicket,
  type CitizenOp,
  isCitizenOp,
  isTicketOp,
  type TicketOp,
} from '#shared/sync/apply-op.ts';
import { decideRecordOp, isRecordOp, type RecordOp } from '#shared/sync/record-ops.ts';
import type { Op, OpResult, PullResponse, WireRow } from '#shared/sync/wire.ts';
import { AGENT, START, TICKETS_NOW } from './samples.ts';

/** What a test lets happen to one request instead of (or after) the proper handling. */
export type Fault =
  | 'cut-before'
  | 'cut-after'
  | 'html-200'
  | 'redirect'
  | 'bad-gateway'
  | 'proxy-400'
  | 'proxy-413'
  | 'proxy-422'
  | 'proxy-500'
  | 'internal-error'
  | 'not-ready'
  | 'too-large'
  | 'bad-input'
  | 'truncated'
  | 'too-long'
  | 'unauthenticated'
  | 'forbidden'
  | 'never-answer';

export interface SeenRequest {
  readonly path: string;
  readonly body: Record<string, unknown>;
  readonly headers: IncomingMessage['headers'];
}

interface Row {
  seq: number;
  wire: WireRow;
}

/**
 * The protocol of the central server over a plain HTTP server and maps in memory: enough to hold the console against faults that a
 * real server does not produce on demand. Tests with the real server and database are in tests/sync.
 */
export class ModelServer {
  user: User = AGENT;
  password = 'Demo-12345';
  mode: 'demo' | 'production' = 'demo';
  /** The limits the centre chose. */
  clockSet: string | undefined;
  /** The schema versions it gives rows to. */
  schema = { min: 1, max: 1 };
  serverId: string = randomUUID();
  epoch = 1;
  /** What was removed up to this seq is not known any more; older cursors have to start anew. */
  goneFloor = 0;
  /** Rows per answer, whatever a console asks for. */
  mostRows = Number.POSITIVE_INFINITY;
  disabled = false;
  ready = true;
  /** False: streams of pokes end as soon as they begin, as in front of a proxy that forbids them or a server that is going down. */
  allowsStreams = true;
  /** Waited for before a request is worked on: lets one request overtake another. */
  beforeAnswer: (request: SeenRequest) => Promise<void> = async () => {};
  /** Called before each request; a fault replaces the proper answer. */
  onRequest: (request: SeenRequest) => Fault | null = () => null;
  /** Decides about an operation before it is applied; an answer refuses it. */
  onOp: (op: Op) => Pick<OpResult, 'code' | 'reason'> | null = () => null;
  readonly seen: SeenRequest[] = [];
  /** What it answers to requests that it has no part for, by path behind /api/v1. */
  readonly further = new Map<string, unknown>();
  /** Files it has, by SHA-256. */
  readonly files = new Map<string, Buffer>();
  /** Months of tickets besides this one, by scope, with how many each has; they are told and never pulled. */
  readonly pastMonths = new Map<string, number>();
  /** Streams of pokes that were asked for and not given. */
  refusedStreams = 0;
  readonly tickets = new Map<string, Row>();
  readonly citizens = new Map<string, Row>();
  readonly records = new Map<string, Row>();
  readonly gone: { seq: number; scope: string; table: 'tickets' | 'citizens'; uid: string }[] = [];
  /** Operations that had an effect, by id: how often. */
  readonly effects = new Map<string, number>();
  readonly #logs = new Map<string, Map<number, { hash: string; result: OpResult }>>();
  readonly #answered = new Map<string, OpResult>();
  readonly #refreshTokens = new Map<string, { key: string | null; next: string | null }>();
  readonly #accessTokens = new Set<string>();
  readonly #streams = new Set<ServerResponse>();
  readonly #seqs = new Map<string, number>();
  #lastNumber = 0;
  #server: Server | null = null;
  url = '';

  async start(): Promise<this> {
    const server = createServer((request, response) => void this.#handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return this;
  }

  /** Closes the port at once; the state stays and {@link resume} goes on with it on the same port. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  async resume(): Promise<void> {
    const port = Number(new URL(this.url).port);
    const server = createServer((request, response) => void this.#handle(request, response));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    this.#server = server;
  }

  /** Requests of a path, oldest first. */
  requestsOf(path: string): readonly SeenRequest[] {
    return this.seen.filter((request) => request.path === `/api/v1${path}`);
  }

  /** Ends every session: tokens no longer work. */
  revokeTokens(): void {
    this.#accessTokens.clear();
    this.#refreshTokens.clear();
  }

  expireAccessTokens(): void {
    this.#accessTokens.clear();
  }

  /** Puts a row into a scope as if another console had sent it. */
  putTicket(ticket: Ticket, scope = TICKETS_NOW): void {
    this.#lastNumber = Math.max(this.#lastNumber, ticket.number ?? 0);
    this.tickets.set(ticket.uid, { seq: this.#nextSeq(scope), wire: { table: 'tickets', scope, seq: 0, row: ticket } });
  }

  putCitizen(citizen: Citizen, scope = '320100:citizens'): void {
    this.citizens.set(citizen.uid, {
      seq: this.#nextSeq(scope),
      wire: { table: 'citizens', scope, seq: 0, row: citizen },
    });
  }

  /** Its scope is one of the user's from then on. */
  putRecord(record: SyncedRecord, scope = '320100:knowledge'): void {
    this.records.set(record.uid, {
      seq: this.#nextSeq(scope),
      wire: { table: 'records', scope, seq: 0, row: record },
    });
  }

  /** Takes a ticket out of its scope. */
  removeTicket(uid: string): void {
    const row = this.tickets.get(uid);
    if (!row) throw new Error('no such ticket');
    this.tickets.delete(uid);
    const { scope } = row.wire;
    this.gone.push({ seq: this.#nextSeq(scope), scope, table: 'tickets', uid });
  }

  /** Forgets what it knows about removed rows. */
  forgetGone(scope = TICKETS_NOW): void {
    this.gone.length = 0;
    this.goneFloor = this.#nextSeq(scope);
  }

  #nextSeq(scope: string): number {
    const seq = (this.#seqs.get(scope) ?? 0) + 1;
    this.#seqs.set(scope, seq);
    return seq;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const path = request.url ?? '';
    if (path === '/readyz') return this.#readyz(response);
    if (path === '/api/v1/sync/events') return this.#openEvents(request, response);
    const file = this.files.get(path.replace('/api/v1/attachments/', ''));
    if (file) return void response.writeHead(200, { etag: `"${path.split('/').at(-1)}"` }).end(file);
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    const seen: SeenRequest = { path, body, headers: request.headers };
    this.seen.push(seen);
    const fault = this.onRequest(seen);
    if (fault && fault !== 'cut-after' && fault !== 'truncated') return this.#fail(fault, request, response);
    await this.beforeAnswer(seen);
    let answer: { status: number; body: unknown };
    try {
      answer = { status: 200, body: this.#answer(seen) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      answer = {
        status: error.status,
        body: { defined: true, code: error.code, message: error.code, data: error.data },
      };
    }
    if (fault === 'cut-after') return void request.socket.destroy();
    const json = JSON.stringify(answer.body);
    if (fault === 'truncated') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(json.slice(0, json.length >> 1));
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(json);
  }

  #fail(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
    const json = (status: number, code: string) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ code, message: code }));
    };
    if (fault === 'cut-before') request.socket.destroy();
    else if (fault === 'never-answer') return;
    else if (fault === 'too-long') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 * 1024 * 1024 });
      response.write('{');
    } else if (fault.startsWith('proxy-')) json(Number(fault.slice(-3)), 'BLOCKED_BY_POLICY');
    else if (fault === 'internal-error') json(500, 'INTERNAL');
    else if (fault === 'not-ready') json(503, 'NOT_READY');
    else if (fault === 'too-large') json(413, 'PAYLOAD_TOO_LARGE');
    else if (fault === 'bad-input') json(400, 'BAD_INPUT');
    else if (fault === 'forbidden') json(403, 'FORBIDDEN');
    else if (fault === 'unauthenticated') json(401, 'UNAUTHENTICATED');
    else if (fault === 'redirect') response.writeHead(302, { location: 'http://portal.example/' }).end();
    else {
      response.writeHead(fault === 'bad-gateway' ? 502 : 200, { 'content-type': 'text/html; charset=utf-8' });
      response.end('<!doctype html><title>Sign in to this network</title>');
    }
  }

  #openEvents(request: IncomingMessage, response: ServerResponse): void {
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    if (!this.#accessTokens.has(token)) {
      this.#fail('unauthenticated', request, response);
      return;
    }
    if (!this.allowsStreams) {
      this.refusedStreams++;
      response.writeHead(503).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write('retry: 3000\n\n');
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
  }

  /** Ends every stream of pokes and lets no other begin. */
  endStreams(): void {
    this.allowsStreams = false;
    for (const stream of this.#streams) stream.end();
  }

  /** Consoles that listen to pokes now. */
  get listeners(): number {
    return this.#streams.size;
  }

  poke(scope = TICKETS_NOW): void {
    for (const stream of this.#streams)
      stream.write(`data: ${JSON.stringify({ scope, seq: this.#seqs.get(scope) ?? 0 })}\n\n`);
  }

  #readyz(response: ServerResponse): void {
    response.writeHead(this.ready ? 200 : 503, { 'content-type': 'application/json' });
    const state = this.ready
      ? { state: 'ready', mode: this.mode, phase: 'ready', done: 0, total: 0 }
      : { state: 'preparing', mode: this.mode, phase: 'seeding', done: 300, total: 1000 };
    response.end(JSON.stringify(state));
  }

  #answer({ path, body, headers }: SeenRequest): unknown {
    if (path === '/api/v1/auth/login') return this.#logIn(body);
    if (path === '/api/v1/auth/refresh') return this.#refresh(body);
    if (path === '/api/v1/auth/logout') return { ok: true };
    const token = (headers.authorization ?? '').replace('Bearer ', '');
    if (!this.#accessTokens.has(token)) throw new Refusal(401, 'UNAUTHENTICATED');
    if (this.disabled) throw new Refusal(403, 'ACCOUNT_DISABLED');
    if (headers['x-hotline-mode'] !== this.mode) throw new Refusal(409, 'MODE_MISMATCH');
    if (path === '/api/v1/auth/password') return this.#changePassword(body);
    if (path === '/api/v1/sync/hello') return this.#hello(body);
    if (path === '/api/v1/sync/push') return this.#push(body);
    if (path === '/api/v1/sync/pull') {
      if (Number(headers['x-hotline-schema']) < this.schema.min) throw new Refusal(426, 'PROTOCOL_TOO_OLD');
      return this.#pull(body);
    }
    const further = this.further.get(path.replace('/api/v1', '').replace(/\?.*/, ''));
    if (further !== undefined) return further;
    throw new Refusal(404, 'NOT_FOUND');
  }

  #tokens(refreshToken: string = randomUUID()): unknown {
    const accessToken = randomUUID();
    this.#accessTokens.add(accessToken);
    this.#refreshTokens.set(refreshToken, { key: null, next: null });
    return {
      accessToken,
      accessExpiresAt: START + 600_000,
      refreshToken,
      serverTime: START,
      user: this.user,
      mode: this.mode,
    };
  }

  #logIn(body: Record<string, unknown>): unknown {
    if (body.account !== this.user.account || body.password !== this.password)
      throw new Refusal(401, 'BAD_CREDENTIALS');
    if (this.disabled) throw new Refusal(403, 'ACCOUNT_DISABLED');
    return this.#tokens();
  }

  #refresh(body: Record<string, unknown>): unknown {
    const state = this.#refreshTokens.get(String(body.refreshToken));
    if (!state) throw new Refusal(401, 'UNAUTHENTICATED');
    if (state.next !== null) {
      if (state.key !== body.idempotencyKey) throw new Refusal(401, 'TOKEN_REUSED');
      return this.#tokens(state.next);
    }
    if (this.disabled) throw new Refusal(403, 'ACCOUNT_DISABLED');
    state.key = String(body.idempotencyKey);
    state.next = randomUUID();
    return this.#tokens(state.next);
  }

  #changePassword(body: Record<string, unknown>): unknown {
    if (body.oldPassword !== this.password) throw new Refusal(401, 'BAD_CREDENTIALS');
    if (String(body.newPassword).length < 8) throw new Refusal(400, 'WEAK_PASSWORD');
    this.password = String(body.newPassword);
    this.revokeTokens();
    return { ok: true };
  }

  #log(body: Record<string, unknown>): Map<number, { hash: string; result: OpResult }> {
    const name = `${String(body.console)}:${String(body.incarnation)}`;
    let log = this.#logs.get(name);
    if (!log) {
      log = new Map();
      this.#logs.set(name, log);
    }
    return log;
  }

  #hello(body: Record<string, unknown>): unknown {
    return {
      serverTime: START,
      serverId: this.serverId,
      mode: this.mode,
      schema: this.schema,
      scopes: [
        ...this.#scopes().map((id) => ({ id, epoch: this.epoch, seq: this.#seqs.get(id) ?? 0 })),
        ...[...this.pastMonths].map(([id, rows]) => ({ id, epoch: this.epoch, seq: rows, rows })),
      ],
      nextOp: this.#log(body).size + 1,
      ...(this.clockSet === undefined ? {} : { clockSet: this.clockSet }),
      rows: this.tickets.size + this.citizens.size + [...this.pastMonths.values()].reduce((sum, rows) => sum + rows, 0),
    };
  }

  #scopes(): readonly string[] {
    const scopes = new Set([TICKETS_NOW, '320100:citizens']);
    for (const { wire } of this.records.values()) scopes.add(wire.scope);
    return [...scopes];
  }

  /** Forgets what a console sent last: the server was restored from a backup. */
  forgetOps(consoleId: string, incarnation: number, from: number): void {
    const log = this.#log({ console: consoleId, incarnation });
    for (const s of [...log.keys()]) if (s >= from) log.delete(s);
  }

  #push(body: Record<string, unknown>): unknown {
    const ops = body.ops as Op[];
    const log = this.#log(body);
    const results = ops.map((op): OpResult => {
      const earlier = log.get(op.s);
      if (earlier && earlier.hash !== op.hash) throw new Refusal(409, 'IDENTITY_CLASH');
      if (earlier) return earlier.result;
      if (op.s !== log.size + 1) throw new Refusal(409, 'SYNC_GAP', { nextOp: log.size + 1 });
      const result = this.#decide(op, String(body.console));
      log.set(op.s, { hash: op.hash, result });
      return result;
    });
    return { ack: ops.at(-1)?.s ?? 0, results };
  }

  #decide(op: Op, consoleId: string): OpResult {
    const refused = this.onOp(op);
    if (refused)
      return {
        s: op.s,
        code: refused.code,
        version: 0,
        seq: null,
        ...(refused.reason ? { reason: refused.reason } : {}),
      };
    const answered = this.#answered.get(op.opId);
    if (answered) return { ...answered, s: op.s, code: 'duplicate' };
    this.effects.set(op.opId, (this.effects.get(op.opId) ?? 0) + 1);
    const result = this.#apply(op, consoleId);
    this.#answered.set(op.opId, result);
    return result;
  }

  #apply(op: Op, consoleId: string): OpResult {
    if (isCitizenOp(op)) return this.#applyCitizen(op);
    if (isTicketOp(op)) return this.#applyTicket(op, consoleId);
    if (isRecordOp(op)) return this.#applyRecord(op);
    return { s: op.s, code: 'rejected', version: 0, seq: null, reason: 'UNKNOWN_KIND' };
  }

  #applyRecord(op: RecordOp): OpResult {
    const old = this.records.get(op.uid);
    const verdict = decideRecordOp((old?.wire.row as SyncedRecord) ?? null, op, this.user, START);
    if (verdict.kind === 'refused') {
      return { s: op.s, code: 'rejected', version: 0, seq: null, reason: verdict.reason };
    }
    const version = (old?.wire.row.version ?? 0) + (verdict.kind === 'changed' ? 1 : 0);
    if (verdict.kind === 'changed') this.putRecord({ ...verdict.record, version }, old?.wire.scope);
    return { s: op.s, code: verdict.kind === 'changed' ? 'applied' : 'duplicate', version, seq: null };
  }

  #applyCitizen(op: CitizenOp): OpResult {
    const old = this.citizens.get(op.uid)?.wire.row as Citizen | undefined;
    const applied = applyOpToCitizen(old ?? null, op);
    if (!applied) return { s: op.s, code: 'rejected', version: 0, seq: null, reason: 'NOT_FOUND' };
    const row = { ...applied, version: (old?.version ?? 0) + 1 };
    this.putCitizen(row);
    return { s: op.s, code: 'applied', version: row.version, seq: null };
  }

  #applyTicket(op: TicketOp, consoleId: string): OpResult {
    const old = this.tickets.get(op.uid)?.wire.row as Ticket | undefined;
    const { id, name, role, seat } = this.user;
    const actor = { id, name, role, seat, consoleId: consoleId as Ticket['consoleId'] };
    const applied = applyOpToTicket(old ?? null, op, actor);
    if (!applied) return { s: op.s, code: 'rejected', version: 0, seq: null, reason: 'NOT_FOUND' };
    const isNew = applied.number === null;
    const row: Ticket = {
      ...applied,
      number: applied.number ?? ++this.#lastNumber,
      status: applied.status === 'submitted' ? 'to_dispatch' : applied.status,
      acceptedAt: applied.acceptedAt ?? START + 1,
      version: (old?.version ?? 0) + 1,
    };
    this.putTicket(row);
    return {
      s: op.s,
      code: 'applied',
      version: row.version,
      seq: null,
      ...(isNew
        ? {
            ticket: {
              number: row.number ?? 0,
              status: row.status,
              acceptedAt: row.acceptedAt ?? 0,
              closedAt: row.closedAt,
              dueAt: row.dueAt,
              clocks: row.clocks,
            },
          }
        : {}),
    };
  }

  #pull(body: Record<string, unknown>): PullResponse {
    const answer: PullResponse = { rows: [], gone: [], cursors: [], more: false, parity: [] };
    const limit = Math.min(this.mostRows, Number(body.limit));
    for (const cursor of body.cursors as { scope: string; epoch: number; seq: number }[]) {
      if (cursor.epoch !== this.epoch) {
        throw new Refusal(409, 'SCOPE_EPOCH_CHANGED', { scope: cursor.scope, epoch: this.epoch });
      }
      if (cursor.seq > 0 && cursor.seq < this.goneFloor) {
        throw new Refusal(410, 'SCOPE_TOO_OLD', { scope: cursor.scope, seq: this.#seqs.get(cursor.scope) ?? 0 });
      }
      const all = [...this.tickets.values(), ...this.citizens.values(), ...this.records.values()].filter(
        (row) => row.wire.scope === cursor.scope,
      );
      const fresh = [
        ...all.filter((row) => row.seq > cursor.seq).map((row) => ({ seq: row.seq, row })),
        ...this.gone
          .filter((gone) => gone.scope === cursor.scope && gone.seq > cursor.seq && cursor.seq > 0)
          .map((gone) => ({ seq: gone.seq, gone })),
      ].sort((a, b) => a.seq - b.seq);
      const room = Math.max(0, limit - answer.rows.length - answer.gone.length);
      const page = fresh.slice(0, room);
      for (const change of page) {
        if ('row' in change) answer.rows.push({ ...change.row.wire, seq: change.seq });
        else answer.gone.push(change.gone);
      }
      const isCaughtUp = page.length === fresh.length;
      const seq = isCaughtUp ? (this.#seqs.get(cursor.scope) ?? 0) : (page.at(-1)?.seq ?? cursor.seq);
      answer.cursors.push({ scope: cursor.scope, epoch: this.epoch, seq });
      if (!isCaughtUp) answer.more = true;
      else {
        const digest = all.reduce((sum, { wire }) => addToDigest(sum, wire.row.uid, wire.row.version), EMPTY_DIGEST);
        answer.parity.push({ scope: cursor.scope, count: all.length, digest: formatDigest(digest) });
      }
    }
    return answer;
  }
}

class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly data: unknown;

  constructor(status: number, code: string, data?: unknown) {
    super(code);
    this.status = status;
    this.code = code;
    this.data = data;
  }
}
