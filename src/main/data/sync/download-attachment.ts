import type { AttachmentFiles } from '../attachments/attachment-files.ts';
import type { AttachmentMeta } from '../attachments/file-cipher.ts';
import type { FileWriter } from '../attachments/file-writer.ts';
import { DataError } from '../errors.ts';
import { protocolHeaders } from './http.ts';
import { API_PREFIX, type ServerClient } from './server-client.ts';
import { readCode } from './tus-http-stack.ts';

/** Nothing came for so long: the line is dead. */
const SILENCE_MS = 30_000;
/** Times a cut transfer is taken up again before the person is told. */
const MOST_TRIES = 5;

interface DownloadParts {
  readonly files: AttachmentFiles;
  readonly client: ServerClient;
  readonly signal: AbortSignal;
  readonly now: () => number;
  write<T>(work: () => T): T;
}

/**
 * Fetches a file and keeps it encrypted. A transfer that is cut goes on where it stopped.
 * @throws DataError OFFLINE, ATTACHMENT_MISSING when the server does not have it (yet), ATTACHMENT_DAMAGED when it is another one
 */
export async function downloadAttachment(sha256: string, name: string, parts: DownloadParts): Promise<AttachmentMeta> {
  const { files, write } = parts;
  const writer = write(() => files.begin());
  try {
    let problem = 'CUT_OFF';
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const before = writer.received;
      const result = await receive(sha256, writer, parts);
      if (result === 'whole') {
        const given = { name, addedAt: parts.now(), place: 'kept', sha256 } as const;
        return write(() => files.finish(writer, given));
      }
      problem = result;
      if (parts.signal.aborted || writer.received === before) break;
    }
    throw new DataError('OFFLINE', problem);
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

/** @returns `whole`, or why it ended before */
async function receive(sha256: string, writer: FileWriter, parts: DownloadParts): Promise<string> {
  const { client, signal, write } = parts;
  const token = await client.accessToken();
  if (token.kind === 'refused') throw new DataError('UNAUTHENTICATED', token.code);
  if (token.kind === 'unreachable') return token.detail;
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const response = await (client.target.fetch ?? fetch)(
      `${client.target.baseUrl}${API_PREFIX}/attachments/${sha256}`,
      {
        headers: {
          ...protocolHeaders(client.target, token.value),
          ...(writer.received > 0 ? { range: `bytes=${writer.received}-` } : {}),
        },
        redirect: 'manual',
        cache: 'no-store',
        signal: AbortSignal.any([signal, silence.signal]),
      },
    );
    const isOurs = response.headers.get('etag') === `"${sha256}"` && response.body !== null;
    if (!isOurs || response.status !== (writer.received > 0 ? 206 : 200)) {
      if (readCode(await response.text()) === 'NOT_FOUND') throw new DataError('ATTACHMENT_MISSING');
      return `HTTP_${response.status}`;
    }
    for await (const chunk of response.body ?? []) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      write(() => writer.append(chunk));
    }
    return 'whole';
  } catch (error) {
    if (error instanceof DataError) throw error;
    return 'CUT_OFF';
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}
