import { createORPCClient } from '@orpc/client';
import { os } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { DataLink } from '#renderer/platform/data-link.ts';

interface Procedures {
  echo(text: string): Promise<string>;
  never(): Promise<string>;
}

const router = {
  echo: os.handler(({ input }) => input),
  never: os.handler(() => new Promise<string>(() => {})),
};

/** A data process that hands out ports and can die. */
function startProcess() {
  const ports: MessagePort[] = [];
  const state = { alive: true };
  const link = new DataLink(async () => {
    if (!state.alive) throw new Error('not running');
    const { port1, port2 } = new MessageChannel();
    new RPCHandler(router).upgrade(port1);
    port1.start();
    ports.push(port1);
    return port2;
  });
  const client = createORPCClient(link) as unknown as Procedures;
  return { link, client, state, kill: () => ports.at(-1)?.close(), close: () => ports.map((port) => port.close()) };
}

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (error: unknown) => toCallFailure(error).code,
  );

describe('link to the data process', () => {
  let stop: () => void = () => {};
  afterEach(() => stop());

  it('lets calls that were made before the port came wait for it', async () => {
    const { link, client, close } = startProcess();
    stop = close;
    const early = client.echo('早');
    link.connect();
    expect(await early).toBe('早');
  });

  it('settles calls in flight as OUTCOME_UNKNOWN when the port closes, and connects again', async () => {
    const { link, client, kill, close } = startProcess();
    stop = close;
    link.connect();
    await client.echo('a');
    const inFlight = codeOf(client.never());
    await client.echo('b');
    kill();
    expect(await inFlight).toBe('OUTCOME_UNKNOWN');
    await vi.waitFor(() => expect(link.state).toBe('open'));
    expect(await client.echo('c')).toBe('c');
  });

  it('refuses calls at once while the process is away, with a code that says nothing was sent', async () => {
    const { link, client, state, close } = startProcess();
    stop = close;
    link.connect();
    await client.echo('a');
    state.alive = false;
    const inFlight = codeOf(client.never());
    await client.echo('b');
    link.drop();
    expect(await inFlight).toBe('OUTCOME_UNKNOWN');
    expect(await codeOf(client.echo('c'))).toBe('SHUTTING_DOWN');
    state.alive = true;
    link.connect();
    await vi.waitFor(() => expect(link.state).toBe('open'));
    expect(await client.echo('d')).toBe('d');
  });
});
