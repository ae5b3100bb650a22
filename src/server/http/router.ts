import type { IncomingHttpHeaders } from 'node:http';
import { oc, type } from '@orpc/contract';
import { implement } from '@orpc/server';
import { serverContract } from '#shared/contract/server.contract.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import { HEADERS, PROTOCOL_VERSION, SCHEMA_VERSION } from '#shared/sync/protocol.ts';
import { type PullResponse, pullRequestSchema } from '#shared/sync/wire.ts';
import { readSeatDirectory } from '../accounts/seat-directory.ts';
import type { Actor } from '../auth/actor.ts';
import { reportSeat } from '../board/report-seat.ts';
import { ServiceError } from '../service-error.ts';
import type { Services } from '../services.ts';
import { carry, registerConsoleKey } from '../sync/carry.ts';
import { hello, OLDEST_SCHEMA } from '../sync/hello.ts';
import { readHistory } from '../sync/history.ts';
import { pull } from '../sync/pull.ts';
import type { PushDeps } from '../sync/push.ts';
import { getManifest } from '../sync/segments/serve.ts';
import { getTicket, listTickets } from '../sync/tickets.ts';
import { answerFlow, type FlowDeps } from '../units/flow-act.ts';
import { getFlow, listFlows } from '../units/flows.ts';
import { actAsUnit, type UnitDecision, type UnitRequest } from '../units/unit-act.ts';
import { findUnitKey, type UnitKey } from '../units/unit-keys.ts';
import { getUnitTicket, listUnitTickets } from '../units/unit-tickets.ts';

/** What a procedure knows about its request. */
export interface RequestContext {
  readonly services: Services;
  readonly headers: IncomingHttpHeaders;
  /** Client address, for limits only; never logged. */
  readonly address: string;
  /** Told to the request log. */
  readonly noteActor: (actor: { readonly id: string; readonly console: string }) => void;
  readonly noteProcedure: (name: string) => void;
  readonly setRetryAfter: (ms: number) => void;
}

const { push: _, pull: documentedPull, ...otherSync } = serverContract.sync;

/**
 * The contract as it is served here: a push has a route of its own (push-route.ts), and rows that come out of the database are not checked again.
 */
const servedContract = {
  ...serverContract,
  sync: {
    ...otherSync,
    pull: oc
      .errors(documentedPull['~orpc'].errorMap)
      .route(documentedPull['~orpc'].route)
      .input(pullRequestSchema)
      .output(type<PullResponse>()),
  },
};

/** Implements the server contract over the services. */
export function createRouter() {
  const open = implement(servedContract).$context<RequestContext>();
  const signedIn = open.use(async ({ context, next }) => {
    checkMode(context);
    const actor = await context.services.auth.authenticate(context.headers.authorization);
    context.noteActor(actor);
    return next({ context: { actor } });
  });
  const admin = signedIn.use(({ context, next }) => {
    if (context.actor.role !== 'admin') throw new ServiceError('FORBIDDEN');
    return next();
  });
  const unit = open.use(async ({ context, next }) => {
    checkMode(context);
    const key = await findUnitKey(context.services.pool, context.headers.authorization);
    context.noteActor({ id: key.id, console: key.id });
    context.services.limits.take('unitKey', key.id);
    return next({ context: { key } });
  });
  const receiver = open.use(async ({ context, next }) => {
    checkMode(context);
    const key = await findUnitKey(context.services.pool, context.headers.authorization, 'flow');
    context.noteActor({ id: key.id, console: key.id });
    context.services.limits.take('unitKey', key.id);
    return next({ context: { key } });
  });
  const syncing = signedIn.use(({ context, next }) => next({ context: { schema: checkSyncHeaders(context) } }));

  return open.router({
    auth: {
      login: open.auth.login.handler(({ context, input }) => {
        checkMode(context);
        return context.services.auth.signIn(input.account, input.password, input.console, context.address);
      }),
      refresh: open.auth.refresh.handler(({ context, input }) => {
        checkMode(context);
        return context.services.auth.refresh(input.refreshToken, input.idempotencyKey, input.console);
      }),
      logout: open.auth.logout.handler(async ({ context, input }) => {
        await context.services.auth.signOut(input.refreshToken);
        return { ok: true };
      }),
      changePassword: signedIn.auth.changePassword.handler(async ({ context, input }) => {
        await context.services.auth.changePassword(
          context.actor,
          input.oldPassword,
          input.newPassword,
          context.address,
        );
        return { ok: true };
      }),
      me: signedIn.auth.me.handler(({ context }) => ({ ...context.actor, lines: [...context.actor.lines] })),
    },
    accounts: {
      list: admin.accounts.list.handler(async ({ context }) => [
        ...(await context.services.accounts.list(context.actor.centre)),
      ]),
      create: admin.accounts.create.handler(({ context, input }) =>
        context.services.accounts.create({ ...input, centre: context.actor.centre }),
      ),
      setTeam: admin.accounts.setTeam.handler(async ({ context, input }) => {
        await context.services.accounts.setTeam(context.actor.centre, input.id, input.team);
        return { ok: true };
      }),
      setDisabled: admin.accounts.setDisabled.handler(async ({ context, input }) => {
        await context.services.auth.setDisabled(context.actor, input.id, input.disabled);
        return { ok: true };
      }),
    },
    centre: {
      seats: signedIn.centre.seats.handler(({ context, input }) =>
        readSeatDirectory(context.services.accounts, context.actor, input.hash),
      ),
    },
    tickets: {
      get: signedIn.tickets.get.handler(({ context, input }) =>
        getTicket(context.services.pool, context.actor, input.uid),
      ),
      list: signedIn.tickets.list.handler(({ context, input }) =>
        listTickets(context.services.pool, context.actor, input.limit, input.before ?? null),
      ),
    },
    unit: {
      list: unit.unit.list.handler(({ context, input }) =>
        listUnitTickets(context.services.pool, context.key, input, context.services.clock.now()),
      ),
      get: unit.unit.get.handler(({ context, input }) => getUnitTicket(context.services.pool, context.key, input.uid)),
      sign: unit.unit.sign.handler(({ context, input }) =>
        decideAsUnit(context, input, { does: partOf(input.query, { action: 'sign' }, 'co_sign'), words: '' }),
      ),
      askReturn: unit.unit.askReturn.handler(({ context, input }) =>
        decideAsUnit(context, input, {
          does: partOf(input.query, { action: 'return' }, 'co_return'),
          words: input.body.reason,
        }),
      ),
      askExtension: unit.unit.askExtension.handler(({ context, input }) => {
        const { days, reason } = input.body;
        return decideAsUnit(context, input, {
          does: { as: 'lead', act: { action: 'ask_extension', days } },
          words: reason,
        });
      }),
      wait: unit.unit.wait.handler(({ context, input }) => {
        const { reason, until } = input.body;
        return decideAsUnit(context, input, { does: { as: 'lead', step: { step: 'wait', until } }, words: reason });
      }),
      resume: unit.unit.resume.handler(({ context, input }) =>
        decideAsUnit(context, input, {
          does: { as: 'lead', step: { step: 'wait_end', why: 'by_hand' } },
          words: input.body.reason,
        }),
      ),
      reply: unit.unit.reply.handler(({ context, input }) => {
        const { withoutCo, text: words, files } = input.body;
        if (input.query.as === 'co' && withoutCo !== undefined) {
          throw new ServiceError('BAD_INPUT', { issues: ['body.withoutCo'] });
        }
        const act = { action: 'reply' as const, ...(withoutCo === undefined ? {} : { withoutCo }) };
        return decideAsUnit(context, input, { does: partOf(input.query, act, 'co_answer'), words, files });
      }),
    },
    board: {
      report: signedIn.board.report.handler(async ({ context: { services, actor }, input }) => {
        services.limits.take('seatReport', `${actor.id} ${actor.console}`);
        return { isTaken: await reportSeat(services.pool, actor, input, services.clock.now()) };
      }),
      read: signedIn.board.read.handler(({ context: { services, actor } }) => {
        services.limits.take('board', actor.id);
        return services.board.read(actor);
      }),
    },
    flows: {
      list: receiver.flows.list.handler(({ context, input }) =>
        listFlows(context.services.pool, context.key, input, context.services.clock.now()),
      ),
      get: receiver.flows.get.handler(({ context, input }) => getFlow(context.services.pool, context.key, input.id)),
      receive: receiver.flows.receive.handler(({ context, input: { params, headers, body } }) =>
        answerFlow(flowDeps(context.services), context.key, params.id, headers['idempotency-key'], {
          step: { step: 'flow_receipt', number: body.number.trim() },
          words: '',
        }),
      ),
      finish: receiver.flows.finish.handler(({ context, input: { params, headers, body } }) =>
        answerFlow(flowDeps(context.services), context.key, params.id, headers['idempotency-key'], {
          step: { step: 'flow_result', outcome: body.outcome },
          words: body.text,
        }),
      ),
    },
    attachments: {
      state: signedIn.attachments.state.handler(async ({ context, input }) => ({
        isStored: (await context.services.attachments.find(context.actor, input.sha256)) !== null,
      })),
    },
    sync: {
      hello: syncing.sync.hello.handler(({ context, input }) => hello(context.services, context.actor, input)),
      consoleKey: syncing.sync.consoleKey.handler(async ({ context, input }) => {
        await registerConsoleKey(context.services, context.actor, input.publicKey);
        return { ok: true };
      }),
      carry: syncing.sync.carry.handler(({ context, input }) =>
        carry({ ...pushDeps(context.services), accounts: context.services.accounts }, context.actor, input),
      ),
      pull: syncing.sync.pull.handler(({ context, input }) => {
        checkReads(context.schema);
        return pull(context.services, context.actor, input);
      }),
      history: syncing.sync.history.handler(({ context, input }) => {
        checkReads(context.schema);
        return readHistory(context.services.pool, context.actor, input);
      }),
      segments: syncing.sync.segments.handler(({ context, input }) => {
        checkReads(context.schema);
        return getManifest(context.services, context.actor, input);
      }),
    },
  });
}

/** What a push needs of the services. */
export function pushDeps({ pool, clock, log, pokes, clockSets }: Services): PushDeps {
  return { pool, clock, log, clockSets, poke: (scopes) => pokes.announce(scopes) };
}

function flowDeps(services: Services): FlowDeps {
  return { ...pushDeps(services), mode: services.identity.mode };
}

interface UnitInput {
  readonly params: Pick<UnitRequest, 'uid'>;
  readonly headers: { readonly 'idempotency-key': string };
  readonly body: Pick<UnitRequest, 'seen'>;
}

/** The same request as 主办 and as 协办. */
function partOf(
  { as, unit }: { readonly as: 'lead' | 'co'; readonly unit?: string | undefined },
  act: TicketAct,
  step: Extract<UnitDecision, { as: 'co' }>['step'],
): UnitDecision {
  return as === 'lead' ? { as, act } : { as, step, unit };
}

/** What a request of a unit asks for, put to the rules that console decisions are put to. */
function decideAsUnit(
  { services, key }: Pick<RequestContext, 'services'> & { readonly key: UnitKey },
  { params, headers, body }: UnitInput,
  decision: Pick<UnitRequest, 'does' | 'words' | 'files'>,
) {
  const request = { uid: params.uid, seen: body.seen, idempotencyKey: headers['idempotency-key'], ...decision };
  const { attachments, identity } = services;
  return actAsUnit({ ...pushDeps(services), attachments, mode: identity.mode }, key, request);
}

/** A demo console and a production server never talk, nor the reverse. */
export function checkMode({ headers, services }: Pick<RequestContext, 'headers' | 'services'>): void {
  const mode = headers[HEADERS.mode];
  if (mode !== undefined && mode !== services.identity.mode) throw new ServiceError('MODE_MISMATCH');
}

/** A console too old for our rows may still hand in its outbox, but would not understand what it pulls. */
function checkReads(schema: number): void {
  if (schema < OLDEST_SCHEMA) throw new ServiceError('PROTOCOL_TOO_OLD');
}

/**
 * Checks what a console says of itself with every request of its sync.
 * @returns its schema version
 * @throws ServiceError BAD_INPUT, PROTOCOL_TOO_OLD, FORBIDDEN
 */
export function checkSyncHeaders({
  headers,
  actor,
}: Pick<RequestContext, 'headers'> & { readonly actor: Actor }): number {
  const protocol = Number(headers[HEADERS.protocol]);
  if (!Number.isInteger(protocol) || headers[HEADERS.mode] === undefined) throw new ServiceError('BAD_INPUT');
  if (protocol !== PROTOCOL_VERSION) throw new ServiceError('PROTOCOL_TOO_OLD');
  const console = headers[HEADERS.console];
  if (console !== undefined && String(console).toLowerCase() !== actor.console) throw new ServiceError('FORBIDDEN');
  const schema = headers[HEADERS.schema] === undefined ? SCHEMA_VERSION : Number(headers[HEADERS.schema]);
  if (!Number.isInteger(schema) || schema < 1 || schema > 1_000_000) throw new ServiceError('BAD_INPUT');
  return schema;
}
