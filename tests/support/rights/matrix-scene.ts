import { addOpen311Key } from '#server/open311/open311-keys.ts';
import { TICKET_COLUMNS, type TicketRow, toTicket } from '#server/sync/rows.ts';
import { addUnitKey } from '#server/units/unit-keys.ts';
import { serverContract } from '#shared/contract/server.contract.ts';
import { unitsContract } from '#shared/contract/units.contract.ts';
import type { Role } from '#shared/domain/roles.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type EventId, newId, type TicketId, type UserId } from '#shared/kernel/ids.ts';
import type { Op } from '#shared/sync/wire.ts';
import { HELPER } from '../sample-overlays.ts';
import { CENTRE, PASSWORD, startTestServer, type TestServer } from '../server.ts';
import { createTicketBody, request, TestConsole } from '../test-console.ts';
import { isShownAtConsole, type Person } from './console-side.ts';
import { MATRIX_DEEDS, type MatrixDeed, SCOPES, type Scope } from './matrix.ts';
import { insertTargets, type Placed } from './matrix-rows.ts';
import { readingCases } from './reading.ts';

const OTHER_CENTRE = '320200';
const OPS_OF_A_PUSH = 200;
/** Whom tickets are taken in by that nobody of the matrix took in. */
const OTHERS = { colleague: 'agent9', 'other line': 'agent8', 'other centre': 'agent7' } as const;

export interface Played {
  readonly deed: MatrixDeed;
  readonly scope: Scope;
  readonly isTaken: boolean;
  readonly reason: string;
  readonly isShown: boolean;
}

/** A real server with one account of every role on line 12345 of one centre, and tickets of every kind, theirs and not theirs. */
export class MatrixScene {
  readonly server: TestServer;
  readonly #templates: Readonly<Record<Scope, TicketId>>;
  readonly #users: ReadonlyMap<string, UserId>;

  private constructor(
    server: TestServer,
    templates: Readonly<Record<Scope, TicketId>>,
    users: ReadonlyMap<string, UserId>,
  ) {
    this.server = server;
    this.#templates = templates;
    this.#users = users;
  }

  static async open(roles: readonly Role[]): Promise<MatrixScene> {
    const server = await startTestServer();
    // The account of a unit bears its name; that of the matrix helps with some tickets and has others.
    for (const role of roles)
      await server.addAccount({ account: role, role, ...(role === 'unit' ? { name: HELPER } : {}) });
    await server.addAccount({ account: OTHERS.colleague });
    await server.addAccount({ account: OTHERS['other line'], lines: ['12345', '12350'] });
    await server.addAccount({ account: OTHERS['other centre'], centre: OTHER_CENTRE });
    const make = async (account: string, fields: Parameters<typeof createTicketBody>[0], centre = CENTRE) => {
      const console = await new TestConsole(server.url).signIn(account);
      const body = createTicketBody(fields, { centre });
      await console.pushOne(body);
      return body.uid;
    };
    const near = await make(OTHERS.colleague, {});
    const templates = {
      own: near,
      colleague: near,
      'other line': await make(OTHERS['other line'], { line: '12350' }),
      'other centre': await make(OTHERS['other centre'], {}, OTHER_CENTRE),
    };
    const rows = await server.query<{ account: string; id: UserId }>('SELECT account, id FROM users');
    return new MatrixScene(server, templates, new Map(rows.map(({ account, id }) => [account, id])));
  }

  async close(): Promise<void> {
    await this.server.stop();
  }

  #idOf(account: string): UserId {
    return forceUnwrap(account, this.#users.get(account));
  }

  /** Everything on every ticket, by one person at the API, and whether a console would have shown it. */
  async play(role: Role): Promise<readonly Played[]> {
    const me: Person = { id: this.#idOf(role), name: role === 'unit' ? HELPER : `座席${role}`, role };
    const console = await new TestConsole(this.server.url).signIn(role);
    const { scopes } = await console.hello();
    const wanted = MATRIX_DEEDS.flatMap((deed) =>
      SCOPES.map((scope) => {
        const agentId = scope === 'own' ? me.id : this.#idOf(OTHERS[scope]);
        return { deed, scope, template: this.#templates[scope], agentId };
      }),
    );
    const placed = await insertTargets(this.server, wanted);
    const rows = await this.server.query<TicketRow>(
      `SELECT ${TICKET_COLUMNS} FROM tickets WHERE uid = ANY($1::uuid[])`,
      [placed.map(({ target }) => target.ticketUid)],
    );
    const byUid = new Map(rows.map((row) => [row.uid, row]));
    const ops = placed.map(({ deed, target }) =>
      console.op(
        deed.body(target, () => newId<EventId>(systemClock.now())),
        { baseVersion: 1_000 },
      ),
    );
    const results: { readonly code: string; readonly reason?: string | undefined }[] = [];
    for (let from = 0; from < ops.length; from += OPS_OF_A_PUSH) {
      results.push(...(await console.push(ops.slice(from, from + OPS_OF_A_PUSH))).results);
    }
    return placed.map(({ deed, scope, target, records, events }: Placed, index) => {
      const { code, reason = code } = forceUnwrap('a result', results[index]);
      const row = forceUnwrap('the ticket', byUid.get(target.ticketUid));
      const isHere = scopes.some(({ id }) => id === row.scope);
      const op = ops[index] as Op;
      const isShown = isShownAtConsole(op, me, {
        ticket: isHere ? toTicket(row, events) : null,
        records: records.filter(({ scope: of }) => scopes.some(({ id }) => id === of)),
      });
      return { deed, scope, isTaken: code === 'applied' || code === 'merged', reason, isShown };
    });
  }

  /** What a person asks for, what is expected, and what was answered. */
  async read(role: Role) {
    const console = await new TestConsole(this.server.url).signIn(role);
    const ids = { me: this.#idOf(role), other: this.#idOf(OTHERS.colleague) };
    const cases = readingCases(role, this.#templates, ids);
    return Promise.all(
      cases.map(async ({ what, expected, path, body }) => ({
        what,
        expected,
        status: (await console.send(path, body)).status,
      })),
    );
  }

  /** Every request of a person at a console, asked without a token and with keys of other systems; those of units, with other keys. */
  async askWithKeys(): Promise<readonly { readonly what: string; readonly status: number }[]> {
    const { pool } = this.server.services;
    const now = systemClock.now();
    const unit = await addUnitKey(pool, { centre: CENTRE, lines: ['12345'], units: [HELPER], holder: '平台' }, now);
    const open311 = await addOpen311Key(pool, { centre: CENTRE, holder: '市民应用', readsDetails: true }, now);
    const lead = await new TestConsole(this.server.url).signIn('lead', PASSWORD);
    const tokens = { nobody: '', unit: unit.key, open311: open311.key, person: lead.tokens.accessToken };
    const asked = routesOf({ serverContract, unitsContract }).flatMap(({ method, path }) => {
      const strangers = path.startsWith('/unit/')
        ? (['nobody', 'open311', 'person'] as const)
        : (['nobody', 'unit', 'open311'] as const);
      return strangers.map((who) => ({ method, path, who }));
    });
    return Promise.all(
      asked.map(async ({ method, path, who }) => {
        const url = `/api/v1${path.replace(/\{\w+\}/, this.#templates.own)}`;
        const headers = { authorization: `Bearer ${tokens[who]}` };
        const body = method === 'POST' ? { body: {} } : {};
        const { status } = await request(this.server.url, url, { method, headers, ...body });
        return { what: `${method} ${path} with the key of ${who}`, status };
      }),
    );
  }
}

/** Signing in needs no token: it makes one. */
const OPEN = ['/auth/login', '/auth/refresh', '/auth/logout'];

function routesOf(contract: object): readonly { readonly method: string; readonly path: string }[] {
  return Object.values(contract).flatMap((part: object) => {
    const route = (part as { '~orpc'?: { route?: { method?: string; path?: string } } })['~orpc']?.route;
    if (!route) return routesOf(part);
    const { method = 'POST', path = '' } = route;
    return OPEN.includes(path) ? [] : [{ method, path }];
  });
}
