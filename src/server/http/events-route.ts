import type { FastifyInstance, FastifyReply } from 'fastify';
import { seatScope } from '#shared/sync/protocol.ts';
import { readsScope } from '../auth/actor.ts';
import { ServiceError } from '../service-error.ts';
import type { Services } from '../services.ts';
import { PacedPokes } from './paced-pokes.ts';

const HEARTBEAT_MS = 20_000;

/** Open streams of this process; closed together at shutdown. */
export class EventStreams {
  readonly #open = new Set<() => void>();
  #isClosed = false;

  /** A stream that was still being opened when all were closed ends at once; the shutdown would wait for it. */
  add(close: () => void): void {
    if (this.#isClosed) close();
    else this.#open.add(close);
  }

  delete(close: () => void): void {
    this.#open.delete(close);
  }

  closeAll(): void {
    this.#isClosed = true;
    for (const close of [...this.#open]) close();
  }
}

/** GET …/sync/events: pokes as server-sent events, `{scope, seq}` for the scopes of the signed-in person. */
export function addEventsRoute(
  app: FastifyInstance,
  path: string,
  services: () => Services | null,
  streams: EventStreams,
): void {
  app.get(path, { exposeHeadRoute: false }, async (request, reply) => {
    const ready = services();
    if (!ready) throw new ServiceError('NOT_READY', undefined, 1_000);
    const actor = await ready.auth.authenticate(request.headers.authorization);
    const raw = startStream(reply);
    const end = () => {
      clearInterval(heartbeat);
      clearTimeout(expiry);
      unsubscribe();
      pokes.close();
      streams.delete(end);
      raw.end();
    };
    const ownSeat = seatScope(actor.centre, actor.seat);
    const pokes = new PacedPokes({
      write: (poke) => raw.write(`data: ${JSON.stringify(poke)}\n\n`),
      isUrgent: (scope) => scope === ownSeat,
      random: Math.random,
    });
    const unsubscribe = ready.pokes.subscribe((all) => pokes.add(all.filter(({ scope }) => readsScope(actor, scope))));
    const heartbeat = setInterval(() => raw.write(': alive\n\n'), HEARTBEAT_MS);
    // The stream ends with its token: the console comes back with a fresh one, and a disabled account does not.
    const expiry = setTimeout(end, Math.max(0, actor.tokenExpiresAt - ready.clock.now()));
    streams.add(end);
    raw.on('close', end);
    raw.on('error', end);
    return reply;
  });
}

function startStream(reply: FastifyReply): FastifyReply['raw'] {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-accel-buffering': 'no',
    connection: 'close',
  });
  raw.write('retry: 3000\n\n');
  return raw;
}
