import { DetailedError, Upload } from 'tus-js-client';
import type { AttachmentFiles } from '../attachments/attachment-files.ts';
import { DataError, errnoOf } from '../errors.ts';
import type { StoredAttachment } from '../repositories/attachment.repository.ts';
import { API_PREFIX, type ServerClient } from './server-client.ts';
import { createTusHttpStack, NoAnswer, readCode } from './tus-http-stack.ts';

/** Bytes sent at once; the place to go on from is known after each. */
const CHUNK = 256 * 1024;

/** How sending a file ended. */
export type UploadOutcome =
  | { readonly kind: 'sent' }
  /** The server said no, or the file here is not what it was. */
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string }
  /** Nobody of ours answered. */
  | { readonly kind: 'no-answer'; readonly detail: string };

interface UploadParts {
  readonly files: AttachmentFiles;
  readonly client: ServerClient;
  readonly signal: AbortSignal;
  /** Waits while tickets are sent or received. */
  readonly giveWay: () => Promise<void>;
  /** Keeps where to go on. @param id of the upload at the server */
  readonly keepPlace: (id: string, sentBytes: number) => void;
}

/** Sends a file by the tus protocol, from where an earlier try ended. */
export function uploadAttachment(file: StoredAttachment, parts: UploadParts): Promise<UploadOutcome> {
  const { files, client, signal, giveWay, keepPlace } = parts;
  const endpoint = `${client.target.baseUrl}${API_PREFIX}/attachments/uploads`;
  return new Promise((resolve) => {
    // The file is read through the source below; what is handed over here is only a name for it.
    const upload = new Upload(Buffer.alloc(0), {
      endpoint,
      uploadUrl: file.uploadId === null ? null : `${endpoint}/${file.uploadId}`,
      metadata: { sha256: file.sha256 },
      chunkSize: CHUNK,
      retryDelays: null,
      storeFingerprintForResuming: false,
      httpStack: createTusHttpStack(client.target, signal),
      fileReader: {
        openFile: async () => ({
          size: file.size,
          slice: async (start, end) => {
            await giveWay();
            return { value: files.read(file.sha256, start, Math.min(end, file.size) - start), done: false };
          },
          close: () => undefined,
        }),
      },
      onBeforeRequest: async (request) => {
        const token = await client.accessToken();
        if (token.kind === 'refused') throw new DataError('UNAUTHENTICATED', token.code);
        if (token.kind === 'unreachable') throw new NoAnswer(token.detail);
        request.setHeader('authorization', `Bearer ${token.value}`);
      },
      onUploadUrlAvailable: () => {
        const id = upload.url?.split('/').at(-1);
        if (id && id !== file.uploadId) keepPlace(id, 0);
      },
      onChunkComplete: (_size, accepted) => {
        const id = upload.url?.split('/').at(-1);
        if (id) keepPlace(id, accepted);
      },
      onSuccess: () => done({ kind: 'sent' }),
      onError: (error) => done(toOutcome(error)),
    });
    const stop = () => {
      void upload.abort();
      done({ kind: 'no-answer', detail: 'CUT_OFF' });
    };
    const done = (outcome: UploadOutcome) => {
      signal.removeEventListener('abort', stop);
      resolve(outcome);
    };
    signal.addEventListener('abort', stop, { once: true });
    upload.start();
  });
}

function toOutcome(error: Error | DetailedError): UploadOutcome {
  const cause: unknown = error instanceof DetailedError ? (error.causingError ?? error) : error;
  if (cause instanceof NoAnswer) return { kind: 'no-answer', detail: cause.detail };
  if (cause instanceof DataError) return { kind: 'refused', code: cause.code, detail: cause.message };
  const answer = error instanceof DetailedError ? error.originalResponse : null;
  const code = answer ? readCode(answer.getBody()) : null;
  if (answer && code) return { kind: 'refused', code, detail: `HTTP_${answer.getStatus()}` };
  const inner = cause instanceof Error ? errnoOf(cause.cause) || errnoOf(cause) : '';
  return { kind: 'no-answer', detail: inner || 'NO_CONNECTION' };
}
