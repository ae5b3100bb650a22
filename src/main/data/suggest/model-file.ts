import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';

/**
 * The learnt model on disk, encrypted as the journal is (AES-256-GCM, authenticated as a whole). It holds nothing that cannot be
 * learnt again: a file that is missing, damaged or of another profile is no model.
 */
export interface ModelFile {
  /** The stored bytes, or null. */
  read(): Promise<Uint8Array | null>;
  /** Replaces the file as a whole. @throws the error of the file system */
  write(pieces: readonly Uint8Array[]): Promise<void>;
  /** Removes a file that was no use. */
  remove(): Promise<void>;
}

const MAGIC = Buffer.from('HSM1');
const NONCE = 12;
const TAG = 16;
const HEADER = MAGIC.length + NONCE;
/** Encrypted between two other tasks of the process: well below a millisecond. */
const BLOCK = 1 << 19;

/** @param key 32 bytes */
export function openModelFile(path: string, key: Uint8Array): ModelFile {
  return {
    read: async () => {
      const bytes = await readFile(path).catch(() => null);
      return bytes && (await decrypt(bytes, key));
    },
    write: async (pieces) => {
      const temporary = `${path}.new`;
      const file = await open(temporary, 'w', 0o600);
      try {
        const nonce = randomBytes(NONCE);
        const cipher = createCipheriv('aes-256-gcm', key, nonce);
        cipher.setAAD(MAGIC);
        await file.writeFile(Buffer.concat([MAGIC, nonce]));
        for (const block of blocksOf(pieces)) await file.writeFile(cipher.update(block));
        await file.writeFile(Buffer.concat([cipher.final(), cipher.getAuthTag()]));
      } catch (error) {
        await file.close();
        await rm(temporary, { force: true });
        throw error;
      }
      await file.close();
      await rename(temporary, path);
    },
    remove: () => rm(path, { force: true }),
  };
}

function* blocksOf(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const piece of pieces) {
    for (let from = 0; from < piece.length; from += BLOCK) yield piece.subarray(from, from + BLOCK);
  }
}

async function decrypt(bytes: Buffer, key: Uint8Array): Promise<Uint8Array | null> {
  if (bytes.length < HEADER + TAG || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(MAGIC.length, HEADER), { authTagLength: TAG });
  decipher.setAAD(MAGIC);
  decipher.setAuthTag(bytes.subarray(-TAG));
  const plain = new Uint8Array(bytes.length - HEADER - TAG);
  let at = 0;
  for (const block of blocksOf([bytes.subarray(HEADER, bytes.length - TAG)])) {
    plain.set(decipher.update(block), at);
    at += block.length;
    await new Promise((resolve) => setImmediate(resolve));
  }
  try {
    decipher.final();
    return plain;
  } catch {
    return null;
  }
}
