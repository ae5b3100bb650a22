import { addUnitKey } from '#server/units/unit-keys.ts';
import type { Line } from '#shared/domain/roles.ts';
import type { Ticket, TicketFields } from '#shared/domain/ticket.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { dispatchTo, SAMPLE_ACTS } from './sample-acts.ts';
import { CENTRE, startTestServer, type TestServer } from './server.ts';
import { createTicketBody, pullTicket, TestConsole } from './test-console.ts';
import { UnitClient } from './unit-client.ts';

export const UNIT = '鼓楼区城管局';
export const OTHER_UNIT = '鼓楼区湖南路街道办事处';

/** A centre with an agent and a dispatcher at their consoles, and units that work through the API. */
export class UnitScene {
  readonly server: TestServer;
  readonly agent: TestConsole;
  readonly dispatcher: TestConsole;

  private constructor(server: TestServer, agent: TestConsole, dispatcher: TestConsole) {
    this.server = server;
    this.agent = agent;
    this.dispatcher = dispatcher;
  }

  static async open(): Promise<UnitScene> {
    const server = await startTestServer();
    await server.addAccount({ account: 'agent1', seat: '1001', lines: ['12345', '12350'] });
    await server.addAccount({ account: 'dispatcher1', role: 'dispatcher', name: '王敏', lines: ['12345', '12350'] });
    const signIn = (account: string) => new TestConsole(server.url).signIn(account);
    return new UnitScene(server, await signIn('agent1'), await signIn('dispatcher1'));
  }

  newKey(units: readonly string[] = [UNIT], lines: readonly Line[] = ['12345'], centre = CENTRE) {
    const fields = { centre, lines: [...lines], units: [...units], holder: '区级平台' };
    return addUnitKey(this.server.services.pool, fields, systemClock.now());
  }

  /** The system of these units, with a key of its own. */
  async unitOf(...args: Parameters<UnitScene['newKey']>): Promise<UnitClient> {
    return new UnitClient(this.server.url, (await this.newKey(...args)).key);
  }

  /** A decision of the dispatcher. @throws Error with the reason when it is refused */
  async decide(uid: TicketId, from: Ticket['status'], act: TicketAct, words = '情况属实'): Promise<void> {
    const args = { eventId: newId<EventId>(systemClock.now()), from, act, words };
    const { reason } = await this.dispatcher.pushOne({ kind: 'ticket.act', uid, args }, { baseVersion: 1_000 });
    if (reason !== undefined) throw new Error(`${act.action} was refused: ${reason}`);
  }

  /** A ticket that was dispatched to the unit. */
  async dispatched(fields: Partial<TicketFields> = {}, unit = UNIT): Promise<TicketId> {
    const body = createTicketBody(fields);
    await this.agent.pushOne(body);
    const isReviewed = fields.line === '12350';
    if (isReviewed) await this.decide(body.uid, 'review', SAMPLE_ACTS.send_to_dispatch);
    await this.decide(body.uid, 'to_dispatch', dispatchTo(unit));
    return body.uid;
  }

  /** The ticket as a console pulls it. */
  pulled(uid: string): Promise<Ticket> {
    return pullTicket(this.agent, uid);
  }
}
