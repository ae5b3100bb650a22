import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { DataProcess } from '#main/data/data-process.ts';
import type { DataPort } from '#main/data/rpc/guarded-port.ts';
import type { dataContract } from '#shared/contract/data.contract.ts';

export type DataClient = ContractRouterClient<typeof dataContract>;

export interface ConnectedClient {
  readonly client: DataClient;
  /** The window's end: raw messages go in here. */
  readonly port: MessagePort;
}

/** A window's connection to a data process, over a real message channel. */
export function connectWindow(dataProcess: DataProcess): ConnectedClient {
  const { port1, port2 } = new MessageChannel();
  dataProcess.attach(port1 as unknown as DataPort);
  const client: DataClient = createORPCClient(new RPCLink({ port: port2 as unknown as globalThis.MessagePort }));
  port2.start();
  return { client, port: port2 };
}

/** The code a call failed with, 'none' when it did not fail. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'none';
  } catch (error) {
    return error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : String(error);
  }
}
