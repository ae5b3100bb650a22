import { createReadStream, createWriteStream, rmSync, type WriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import pg from 'pg';
import type { Ticket } from '#shared/domain/ticket.ts';
import { eventIdSchema } from '#shared/kernel/ids.ts';
import { inLoadTransaction, loadTickets } from '../bulk/bulk-load.ts';
import type { ServerIdentity } from '../db/server-meta.ts';
import { derivedUuid } from '../derived-uuid.ts';
import { flowOf } from '../sync/flow-events.ts';
import { notifyScopes } from '../sync/pokes.ts';
import { writeFlows } from '../sync/write-flows.ts';
import { decodeText } from './decode-text.ts';
import { type ImportedCaller, importCitizens } from './import-citizens.ts';
import type { ImportMap } from './import-map.ts';
import { type MappedRecord, mapRecord } from './map-record.ts';
import { readCsv } from './read-csv.ts';
import { type ReadRecord, readJsonl } from './read-records.ts';

const CHUNK = 2_000;
const READ_BYTES = 256 * 1024;
/** How often the progress is told, in records read: also where none of them can be taken. */
const PROGRESS_RECORDS = 200;
/** Advisory lock: imports of one database run one after the other. */
const IMPORT_LOCK = 0x12345_04;

export interface ImportCounts {
  /** Records read so far. */
  readonly read: number;
  readonly imported: number;
  /** There before, exactly the same. */
  readonly unchanged: number;
  readonly rejected: number;
}

export interface ImportProgress extends ImportCounts {
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface ImportOptions {
  readonly file: string;
  readonly map: ImportMap;
  /** The limits its centre chose; those of centres which chose none when left out. */
  readonly clockSet?: string | undefined;
  /** Server time of the import, epoch ms. */
  readonly now: number;
  /** Of the server whose database it is; production when left out. */
  readonly mode?: ServerIdentity['mode'];
  readonly onProgress: (progress: ImportProgress) => void;
  /** Stops before the next record, or after the part that is being written; what is imported stays. */
  readonly signal?: AbortSignal;
}

/**
 * Imports a file of another system's records and makes records of the people who called (see importCitizens). Every ticket's id follows from its record's id, so running it again (after an
 * interruption or not) adds what is missing and touches nothing else. Refused records go to `FILE.rejected.jsonl`: their
 * line numbers and reasons, none of their content.
 * @throws StartupError BAD_HEADER (a CSV file without column names); the file system's error when it cannot be read
 */
export async function importFile(client: pg.ClientBase, options: ImportOptions): Promise<ImportCounts> {
  const { file, map, now, mode = 'production', onProgress, signal } = options;
  const { size: totalBytes } = await stat(file);
  const isCsv = (map.format ?? (file.toLowerCase().endsWith('.csv') ? 'csv' : 'jsonl')) === 'csv';
  const bytes = createReadStream(file, { highWaterMark: READ_BYTES });
  const texts = decodeText(bytes as AsyncIterable<Uint8Array>, map.encoding);
  const records = isCsv ? readCsv(texts, map.delimiter) : readJsonl(texts);
  const report = new RejectionReport(`${file}.rejected.jsonl`);
  const counts = { read: 0, imported: 0, unchanged: 0, rejected: 0 };
  const reject = (line: number, reason: string) => {
    counts.rejected++;
    report.add(line, reason);
  };
  await client.query('SELECT pg_advisory_lock($1)', [IMPORT_LOCK]);
  try {
    let part = new Map<string, PartRecord>();
    const flush = async () => {
      const written = await writePart(client, part, { mode, now }, reject);
      counts.imported += written.imported;
      counts.unchanged += written.unchanged;
      part = new Map();
    };
    const tell = () => onProgress({ ...counts, bytes: bytes.bytesRead, totalBytes });
    for await (const read of records) {
      if (signal?.aborted) break;
      counts.read++;
      const problem = takeRecord(read, options, part);
      if (problem === 'repeated') counts.unchanged++;
      else if (problem !== null) reject(read.line, problem);
      if (part.size >= CHUNK) await flush();
      if (counts.read % PROGRESS_RECORDS === 0) tell();
    }
    if (!signal?.aborted) await flush();
    tell();
    return counts;
  } finally {
    bytes.destroy();
    await report.close();
    await client.query('SELECT pg_advisory_unlock($1)', [IMPORT_LOCK]);
  }
}

/** When, and for which kind of server. */
interface Importing {
  readonly mode: ServerIdentity['mode'];
  readonly now: number;
}

interface PartRecord extends MappedRecord {
  readonly line: number;
}

/** @returns null when taken, `repeated` for the same record again, otherwise the reason of the refusal */
function takeRecord(
  read: ReadRecord,
  { map, now, clockSet }: Pick<ImportOptions, 'map' | 'now' | 'clockSet'>,
  part: Map<string, PartRecord>,
): string | null {
  if ('reason' in read) return read.reason;
  const mapped = mapRecord(read.record, map, now, clockSet);
  if (!mapped.ok) return mapped.error;
  const earlier = part.get(mapped.value.ticket.uid);
  if (earlier) return earlier.fingerprint === mapped.value.fingerprint ? 'repeated' : 'DIFFERENT_FROM_IMPORTED';
  part.set(mapped.value.ticket.uid, { ...mapped.value, line: read.line });
  return null;
}

async function writePart(
  client: pg.ClientBase,
  part: ReadonlyMap<string, PartRecord>,
  importing: Importing,
  reject: (line: number, reason: string) => void,
): Promise<{ readonly imported: number; readonly unchanged: number }> {
  if (part.size === 0) return { imported: 0, unchanged: 0 };
  const found = await client.query<{ uid: string; fingerprint: Buffer | null }>(
    'SELECT uid, create_hash AS fingerprint FROM tickets WHERE uid = ANY($1::uuid[])',
    [[...part.keys()]],
  );
  const known = new Map(found.rows.map((row) => [row.uid, row.fingerprint?.toString('hex') ?? '']));
  let unchanged = 0;
  for (const [uid, record] of part) {
    const fingerprint = known.get(uid);
    if (fingerprint === record.fingerprint) unchanged++;
    else if (fingerprint !== undefined) reject(record.line, 'DIFFERENT_FROM_IMPORTED');
  }
  // Of tickets that were imported before, too: an older import made no records of their callers.
  const callers = await importCitizens(
    client,
    [...part.values()].map(({ ticket }) => ticket),
  );
  const fresh = [...part.values()]
    .filter((record) => !known.has(record.ticket.uid))
    .map((record) => withCaller(record, callers.get(record.ticket.uid)));
  const imported = await writeFresh(client, fresh, importing, reject);
  return { imported, unchanged };
}

/** An open ticket with the 流转 that its matter asks for; what was finished elsewhere goes to nobody. */
function sentOn(ticket: Ticket, mode: ServerIdentity['mode'], now: number): Ticket {
  const { centre, fields, closedAt, acceptedAt } = ticket;
  if (closedAt !== null || acceptedAt === null) return ticket;
  const flow = flowOf({ centre, mode, fields, overlays: [] });
  if (!flow) return ticket;
  const by = { actorId: null, actorName: '', text: '', from: null, to: null, ref: '' };
  const id = eventIdSchema.parse(derivedUuid('import flow', ticket.uid));
  return { ...ticket, events: [...ticket.events, { id, at: now, ...by, ...flow }] };
}

function withCaller(record: PartRecord, known: ImportedCaller | undefined): PartRecord {
  if (!known) return record;
  const { ticket } = record;
  const { caller } = ticket.fields;
  // Who once asked for confidentiality has it in every ticket.
  const confidential = caller.confidential || known.confidential;
  const fields = { ...ticket.fields, citizenUid: known.uid, caller: { ...caller, confidential } };
  return { ...record, ticket: { ...ticket, fields } };
}

/** Writes new records together; when PostgreSQL refuses one, halves the part until the bad record stands alone. */
async function writeFresh(
  client: pg.ClientBase,
  records: readonly PartRecord[],
  { mode, now }: Importing,
  reject: (line: number, reason: string) => void,
): Promise<number> {
  const [first] = records;
  if (!first) return 0;
  try {
    const tickets: readonly Ticket[] = records.map((record) => sentOn(record.ticket, mode, now));
    const hashes = new Map<string, string>(records.map((record) => [record.ticket.uid, record.fingerprint]));
    await inLoadTransaction(client, async () => {
      const scopes = await loadTickets(client, tickets, now, (uid) => hashes.get(uid) ?? null);
      await writeFlows(
        client,
        tickets.flatMap(({ uid: ticketUid, events }) => events.map((event) => ({ ticketUid, event }))),
        now,
      );
      await notifyScopes(client, scopes);
    });
    return records.length;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !/^(22|23|54)/.test(error.code ?? '')) throw error;
    if (records.length === 1) {
      reject(first.line, 'NOT_STORABLE');
      return 0;
    }
    const middle = Math.ceil(records.length / 2);
    const head = await writeFresh(client, records.slice(0, middle), { mode, now }, reject);
    return head + (await writeFresh(client, records.slice(middle), { mode, now }, reject));
  }
}

/** FILE.rejected.jsonl: made anew by each run, absent when nothing was refused. */
class RejectionReport {
  readonly #path: string;
  #stream: WriteStream | null = null;

  constructor(path: string) {
    this.#path = path;
    rmSync(path, { force: true });
  }

  add(line: number, reason: string): void {
    this.#stream ??= createWriteStream(this.#path, { mode: 0o600 });
    this.#stream.write(`${JSON.stringify({ line, reason })}\n`);
  }

  async close(): Promise<void> {
    const stream = this.#stream;
    if (stream) await new Promise<void>((resolve, reject) => stream.on('error', reject).end(resolve));
  }
}
