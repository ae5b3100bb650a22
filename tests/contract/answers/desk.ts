import type { dataContract } from '#shared/contract/data.contract.ts';
import type { IntakeContent } from '#shared/domain/intake.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import type { TestConsole } from '#tests/support/data/console.ts';
import type { ModelServer } from '#tests/support/data/model-server.ts';
import type { DataClient } from '#tests/support/data/rpc-client.ts';
import { AGENT, sampleIntake, sampleTicket } from '#tests/support/data/samples.ts';
import { until } from '#tests/support/data/until.ts';

type Contract = typeof dataContract;

/** A console with one window, its server beside it, nobody signed in. */
export interface Desk {
  readonly server: ModelServer;
  readonly seat: TestConsole;
  /** The window's client; what answers is in {@link answered}. */
  readonly client: DataClient;
  /** Procedures that answered so far, as `tickets.get`. */
  readonly answered: ReadonlySet<string>;
  /** One more console of the same server, with a profile of its own. */
  openAnother(): Desk;
}

/** What calls each procedure of a noun with something proper and looks at what it answers and what came of it. */
export type Scenarios<N extends keyof Contract> = {
  readonly [V in keyof Contract[N]]: (desk: Desk) => Promise<void>;
};

export const LOGIN = { account: 'demo1001', password: 'Demo-12345' };

/** Signs the one person of the server in, in a role, and waits until what the server has is here. */
export async function signIn({ server, client }: Desk, role: Role = 'agent'): Promise<void> {
  server.user = { ...server.user, role };
  await client.session.signIn(LOGIN);
  await caughtUp({ client });
}

export async function caughtUp({ client }: Pick<Desk, 'client'>): Promise<void> {
  await until('caught up', async () => {
    const { parity, progress, isWhole } = await client.sync.status();
    return parity === 'equal' && progress === null && isWhole;
  });
}

/** Asks the server again and again until a condition holds. */
export async function retryUntil({ client }: Desk, what: string, condition: () => Promise<boolean>): Promise<void> {
  await until(what, async () => {
    if (await condition()) return true;
    await client.outbox.retryNow();
    return false;
  });
}

/** A ticket of somebody else, there before anybody signs in. */
export function given({ server }: Desk, over: Partial<Ticket> = {}, number = 12): Ticket {
  const ticket = sampleTicket(number, over);
  server.putTicket(ticket);
  return ticket;
}

/** A draft with something written in it. */
export async function write({ client }: Desk, content: Partial<IntakeContent> = {}) {
  const { id } = await client.drafts.open({ call: null });
  const { revision } = await client.drafts.save({ id, revision: 0, content: sampleIntake(content) });
  return { id, revision };
}

/** A ticket written and sent off here. */
export async function submit(desk: Desk, content: Partial<IntakeContent> = {}): Promise<TicketId> {
  const draft = await write(desk, content);
  return (await desk.client.drafts.submit({ ...draft, outcome: 'submit' })).uid;
}

export const confirmed = (desk: Desk) => until('confirmed', async () => (await desk.client.outbox.list()).length === 0);

/** The ticket as the server holds it. */
export function atServer({ server }: Desk, uid: string): Ticket {
  return forceUnwrap('ticket at the server', server.tickets.get(uid)).wire.row as Ticket;
}

/** A correction that the server refused, because a 班长 had corrected the title meanwhile. */
export async function refusedAmendment(desk: Desk) {
  const { client, server } = desk;
  const ticket = given(desk, { createdById: AGENT.id });
  server.onOp = ({ kind }) => (kind === 'ticket.amend' ? { code: 'rejected', reason: 'FIELDS_CHANGED:title' } : null);
  await signIn(desk);
  const theirs = { ...ticket, version: 2, fields: { ...ticket.fields, title: '东门路灯不亮' } };
  server.putTicket(theirs);
  const changes = { title: { from: ticket.fields.title, to: '路灯坏了' } };
  await client.tickets.amend({ uid: ticket.uid, changes, reason: '' });
  const opId = await refusedOp(desk);
  await retryUntil(desk, 'theirs is here', async () => {
    const { fields } = await client.outbox.compare({ opId });
    return fields[0]?.theirs === '东门路灯不亮';
  });
  server.onOp = () => null;
  return { opId, uid: ticket.uid };
}

/** The operation that the server refused. */
export async function refusedOp({ client }: Desk) {
  const refused = async () => (await client.outbox.list()).find(({ state }) => state === 'rejected');
  await until('refused', async () => (await refused()) !== undefined);
  return forceUnwrap('refused', await refused()).opId;
}
