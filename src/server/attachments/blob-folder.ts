import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type AttachmentType,
  detectAttachmentType,
  HEAD_BYTES,
  TAIL_BYTES,
} from '#shared/domain/attachment/attachment-type.ts';
import { StartupError } from '../startup-error.ts';

/** What a file turned out to be. */
export interface Inspected {
  readonly sha256: string;
  readonly size: number;
  readonly type: AttachmentType | null;
}

/** The folder with the bytes: `uploads/` what is arriving, `blobs/<centre>/` what is whole, by hash. */
export class BlobFolder {
  readonly uploads: string;
  readonly #blobs: string;

  /** @throws StartupError when the folder cannot be made */
  constructor(folder: string) {
    this.uploads = join(folder, 'uploads');
    this.#blobs = join(folder, 'blobs');
    try {
      for (const each of [this.uploads, this.#blobs]) mkdirSync(each, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw new StartupError('FOLDER_UNUSABLE', `The folder ${folder} for attachments cannot be used.`, { cause });
    }
  }

  uploadPath(id: string): string {
    return join(this.uploads, id);
  }

  blobPath(centre: string, sha256: string): string {
    return join(this.#blobs, centre, sha256.slice(0, 2), sha256);
  }

  /** Moves an upload to its place; both are on disk when this resolves. */
  async keep(id: string, centre: string, sha256: string): Promise<void> {
    const path = this.blobPath(centre, sha256);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await sync(this.uploadPath(id));
    await rename(this.uploadPath(id), path);
    for (const folder of [dirname(path), dirname(dirname(path)), this.uploads]) await sync(folder);
  }

  /** Removes what is left of an upload, its note of the tus store included. */
  async dropUpload(id: string): Promise<void> {
    await rm(this.uploadPath(id), { force: true });
    await rm(`${this.uploadPath(id)}.json`, { force: true });
  }

  async dropBlob(centre: string, sha256: string): Promise<void> {
    await rm(this.blobPath(centre, sha256), { force: true });
  }

  /** Ids of the uploads that have files. */
  async listUploads(): Promise<readonly string[]> {
    const names = await readdir(this.uploads);
    return [...new Set(names.map((name) => name.replace(/\.json$/, '')))];
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Reads a file once: its hash, its size, and what kind it is. */
export async function inspectFile(path: string): Promise<Inspected> {
  const { size } = await stat(path);
  const hash = createHash('sha256');
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk]).subarray(0, HEAD_BYTES);
    tail = Buffer.concat([tail, chunk]).subarray(-TAIL_BYTES);
  }
  return { sha256: hash.digest('hex'), size, type: detectAttachmentType(head, tail) };
}
