import { SEGMENT_MAX_BYTES, SEGMENT_TYPES, type SegmentEntry, type SegmentPacking } from '#shared/sync/segments.ts';
import { protocolHeaders } from '../http.ts';
import type { ChangeSet, RowIntake } from '../intake/row-intake.ts';
import { problemOf, toProblem } from '../problems.ts';
import { API_PREFIX, type ServerClient } from '../server-client.ts';
import type { SyncProblem } from '../sync-context.ts';
import { readCode } from '../tus-http-stack.ts';
import { ACCEPTED_SEGMENTS } from './segment-content.ts';

/** Nothing came for so long: the line is dead. */
const SILENCE_MS = 30_000;

export type FetchedSegment =
  | { readonly kind: 'content'; readonly content: ChangeSet }
  /** The server no longer has it. */
  | { readonly kind: 'gone' }
  /** What came is not what the manifest speaks of. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'problem'; readonly problem: SyncProblem };

/**
 * Fetches one segment and checks it. Never throws.
 * @param read unpacks it and compares it with what the manifest says of it
 */
export async function fetchSegment(
  client: ServerClient,
  read: RowIntake['readSegment'],
  entry: SegmentEntry,
  signal: AbortSignal,
): Promise<FetchedSegment> {
  try {
    const token = await client.accessToken();
    if (token.kind !== 'answer') return { kind: 'problem', problem: toProblem(token) };
    const fetched = await fetchBytes(client, entry, token.value, signal);
    if (fetched.kind !== 'bytes') return fetched;
    const content = await read(fetched.bytes, fetched.packing, entry);
    return content ? { kind: 'content', content } : { kind: 'damaged' };
  } catch (error) {
    // Storage, where a renewed token could not be kept.
    return { kind: 'problem', problem: problemOf(error) };
  }
}

async function fetchBytes(
  { target }: ServerClient,
  { id }: SegmentEntry,
  token: string,
  signal: AbortSignal,
): Promise<
  | Exclude<FetchedSegment, { kind: 'content' }>
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer>; readonly packing: SegmentPacking }
> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const isAlive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENCE_MS);
  };
  try {
    const response = await (target.fetch ?? fetch)(`${target.baseUrl}${API_PREFIX}/sync/segments/${id}`, {
      headers: { ...protocolHeaders(target, token), accept: ACCEPTED_SEGMENTS },
      redirect: 'manual',
      cache: 'no-store',
      signal: AbortSignal.any([signal, silence.signal]),
    });
    const packing = packingOf(response);
    if (!packing) {
      const code = response.status === 200 ? null : readCode(await response.text());
      return code === 'NOT_FOUND' ? { kind: 'gone' } : unreachable(code ?? `HTTP_${response.status}`);
    }
    const bytes = await readBytes(response, isAlive);
    return bytes ? { kind: 'bytes', bytes, packing } : { kind: 'damaged' };
  } catch {
    return unreachable(silence.signal.aborted ? 'TIMED_OUT' : 'CUT_OFF');
  } finally {
    clearTimeout(timer);
  }
}

function unreachable(detail: string): Extract<FetchedSegment, { kind: 'problem' }> {
  return { kind: 'problem', problem: { code: 'OFFLINE', detail, connection: 'offline', retryAfterMs: null } };
}

/** How the body is packed; null when the answer is not a segment. */
function packingOf(response: Response): SegmentPacking | null {
  if (response.status !== 200) return null;
  const type = response.headers.get('content-type');
  return type === SEGMENT_TYPES.zstd ? 'zstd' : type === SEGMENT_TYPES.gzip ? 'gzip' : null;
}

/** @returns null for more bytes than any segment has */
async function readBytes(response: Response, onChunk: () => void): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    onChunk();
    length += chunk.length;
    if (length > SEGMENT_MAX_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
