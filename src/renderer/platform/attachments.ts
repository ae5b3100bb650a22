import { ATTACHMENT_PIECE } from '#shared/contract/attachments.contract.ts';
import { toSavedName } from '#shared/domain/attachment/attachment-type.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { invokeShell } from './bridge.ts';
import { dataClient } from './data-client.ts';

/**
 * Hands a file over to the data process, piece by piece. It is encrypted on disk when this resolves.
 * @returns the line by which forms and drafts name it
 * @throws what the data process refuses; see `toCallFailure`
 */
export async function storeFile(file: File): Promise<string> {
  const { id } = await dataClient.attachments.begin({ name: file.name, size: file.size });
  try {
    for (let offset = 0; offset < file.size; ) {
      const bytes = new Uint8Array(await file.slice(offset, offset + ATTACHMENT_PIECE).arrayBuffer());
      ({ received: offset } = await dataClient.attachments.append({ id, offset, data: toBase64(bytes) }));
    }
    return (await dataClient.attachments.finish({ id })).written;
  } catch (error) {
    void dataClient.attachments.abort({ id }).catch(() => {});
    throw error;
  }
}

/** A whole file that is here. @param ticketUid through which it is looked at; null for a file of a draft */
export async function readStoredFile(sha256: string, ticketUid: TicketId | null): Promise<Uint8Array<ArrayBuffer>> {
  let whole = new Uint8Array(0);
  let offset = 0;
  do {
    const { data, size } = await dataClient.attachments.read({ sha256, ticketUid, offset });
    if (offset === 0) whole = new Uint8Array(size);
    const bytes = fromBase64(data);
    whole.set(bytes, offset);
    offset += bytes.length;
  } while (offset < whole.length);
  return whole;
}

/**
 * Lets the person choose where a file goes and writes it there.
 * @param name as the ticket has it; what is proposed ends as the content of the file demands
 * @returns false when they cancelled
 */
export async function saveStoredFile(name: string, sha256: string, ticketUid: TicketId | null): Promise<boolean> {
  const bytes = await readStoredFile(sha256, ticketUid);
  const { saved } = await invokeShell('shell:save-file', {
    fileName: toSavedName(name, bytes),
    base64: toBase64(bytes),
  });
  return saved;
}
