import type { UnitTicket, UnitTicketDetail } from '#shared/contract/units.contract.ts';
import { unitTicketDetailSchema, unitTicketPageSchema } from '#shared/contract/units.contract.ts';
import { type Answer, codeOf, request } from './test-console.ts';

/** A handling unit's own system, as the server sees it: a key and HTTP. */
export class UnitClient {
  readonly #url: string;
  readonly #key: string;
  #actions = 0;

  constructor(url: string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  send(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return request(this.#url, `/api/v1/unit${path}`, {
      body,
      headers: { authorization: `Bearer ${this.#key}`, ...headers },
    });
  }

  async list(query = ''): Promise<ReturnType<typeof unitTicketPageSchema.parse>> {
    const answer = await this.send(`/tickets${query}`);
    if (answer.status !== 200) throw new Error(`list failed: ${answer.status} ${codeOf(answer)}`);
    return unitTicketPageSchema.parse(answer.body);
  }

  async get(uid: string): Promise<UnitTicketDetail> {
    return unitTicketDetailSchema.parse((await this.send(`/tickets/${uid}`)).body);
  }

  /** Decides about the ticket as it stands now. */
  async act(
    uid: string,
    action: 'sign' | 'return' | 'extension' | 'reply' | 'wait' | 'resume',
    more: object = {},
  ): Promise<Answer> {
    const { status, version } = await this.get(uid);
    return this.actOn({ uid, status, version }, action, more);
  }

  /** A step about its own 协办单, on the ticket as it stands now. */
  async help(
    uid: string,
    action: 'sign' | 'return' | 'reply',
    more: object = {},
    key = `help-${++this.#actions}-${uid}`,
    query = '?as=co',
  ): Promise<Answer> {
    const { status, version } = await this.get(uid);
    return this.send(
      `/tickets/${uid}/${action}${query}`,
      { seen: { status, version }, ...more },
      { 'idempotency-key': key },
    );
  }

  /** Decides about the ticket as it was seen. */
  actOn(
    { uid, status, version }: Pick<UnitTicket, 'status' | 'version'> & { readonly uid: string },
    action: 'sign' | 'return' | 'extension' | 'reply' | 'wait' | 'resume',
    more: object = {},
    key = `action-${++this.#actions}-${uid}`,
  ): Promise<Answer> {
    return this.send(`/tickets/${uid}/${action}`, { seen: { status, version }, ...more }, { 'idempotency-key': key });
  }
}
