import { randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { hashRaw } from '@node-rs/argon2';
import { z } from 'zod';
import { MOST_CARRIED_FILES } from '#shared/contract/carried.contract.ts';
import { MAX_ATTACHMENT_BYTES } from '#shared/domain/attachment/attachment-type.ts';
import { centreSchema } from '#shared/domain/roles.ts';
import { consoleIdSchema, userIdSchema } from '#shared/kernel/ids.ts';
import { carriedPartSchema, signedText } from '#shared/sync/carried.ts';
import { DataError } from '../errors.ts';
import { KDF_COST } from './kdf-cost.ts';
import { seal, unseal } from './key-wrap.ts';
import { isSigned, type SigningKey } from './signing-key.ts';

/** What a file says in the clear: whose it is and where it belongs; nothing of a citizen. */
const headSchema = z.strictObject({
  format: z.literal('hotline-unsent-work'),
  /** 2 with attachments: an older console does not know what to do with them. */
  version: z.union([z.literal(1), z.literal(2)]),
  id: z.uuid(),
  mode: z.enum(['demo', 'production']),
  centre: centreSchema,
  console: consoleIdSchema,
  user: userIdSchema,
  seat: z.string().max(20),
  name: z.string().max(60),
  savedAt: z.number().int().nonnegative(),
  operations: z.number().int().nonnegative(),
  kdf: z.strictObject({
    salt: z.base64(),
    memoryKib: z.number().int().min(8).max(1_048_576),
    passes: z.number().int().min(1).max(20),
    lanes: z.number().int().min(1).max(8),
  }),
  publicKey: z.base64().length(44),
});
const fileSchema = z.strictObject({
  head: headSchema,
  sealed: z.strictObject({ nonce: z.base64(), data: z.base64() }),
  signature: z.base64().length(88),
});
const contentSchema = z.strictObject({
  parts: z.array(carriedPartSchema).readonly(),
  /** Attachments behind the first line, in this order, and the key (32 bytes, base64) they are sealed with; see file-bundle.ts. */
  bundle: z
    .strictObject({
      key: z.base64().length(44),
      files: z
        .array(
          z.strictObject({
            sha256: z.string().regex(/^[0-9a-f]{64}$/),
            size: z.number().int().positive().max(MAX_ATTACHMENT_BYTES),
            name: z.string().min(1).max(1_000),
          }),
        )
        .min(1)
        .max(MOST_CARRIED_FILES)
        .readonly(),
    })
    .optional(),
});

type CarriedHead = z.infer<typeof headSchema>;
export type CarriedContent = z.infer<typeof contentSchema>;

/** Most bytes a file unpacks to. */
const LARGEST_CONTENT = 256 * 1024 * 1024;

async function deriveKey(passphrase: string, kdf: CarriedHead['kdf']): Promise<Buffer> {
  return hashRaw(Buffer.from(passphrase.normalize('NFC'), 'utf8'), {
    salt: Buffer.from(kdf.salt, 'base64'),
    memoryCost: kdf.memoryKib,
    timeCost: kdf.passes,
    parallelism: kdf.lanes,
    outputLen: 32,
  });
}

function aadOf(head: CarriedHead): Buffer {
  return Buffer.from(JSON.stringify(headSchema.parse(head)), 'utf8');
}

function signedPart(head: CarriedHead, sealed: { readonly nonce: string; readonly data: string }): string {
  return signedText('file', `${aadOf(head).toString('utf8')}\n${sealed.nonce}\n${sealed.data}`);
}

/**
 * Unsent work as the text of a file: encrypted with a passphrase (Argon2id, deflate, AES-256-GCM with the head as authenticated data) and signed as a
 * whole by the console it comes from.
 */
export async function sealCarried(
  about: Omit<CarriedHead, 'format' | 'version' | 'kdf' | 'publicKey'>,
  content: CarriedContent,
  passphrase: string,
  key: SigningKey,
): Promise<string> {
  const kdf = { salt: randomBytes(16).toString('base64'), ...KDF_COST };
  const head: CarriedHead = headSchema.parse({
    format: 'hotline-unsent-work',
    version: content.bundle ? 2 : 1,
    ...about,
    kdf,
    publicKey: key.publicKey,
  });
  const secret = await deriveKey(passphrase, kdf);
  const sealed = seal(secret, deflateRawSync(JSON.stringify(content)), aadOf(head));
  secret.fill(0);
  return `${JSON.stringify({ head, sealed, signature: key.sign(signedPart(head, sealed)) })}\n`;
}

/**
 * Opens such a file.
 * @throws DataError CARRIED_FOREIGN for a file that is none of ours, CARRIED_DAMAGED for one whose bytes were changed, CARRIED_PASSPHRASE
 */
export async function openCarried(
  text: string,
  passphrase: string,
): Promise<{ readonly head: CarriedHead; readonly content: CarriedContent }> {
  const { head, sealed, signature } = readFile(text);
  if (!isSigned(signedPart(head, sealed), signature, head.publicKey)) {
    throw new DataError('CARRIED_DAMAGED', 'the signature does not fit');
  }
  const secret = await deriveKey(passphrase, head.kdf);
  const plain = unseal(secret, sealed, aadOf(head));
  secret.fill(0);
  // Whole as it was signed, and still it does not open: only the passphrase is left.
  if (!plain) throw new DataError('CARRIED_PASSPHRASE', 'the passphrase does not open it');
  const unpacked = inflateRawSync(plain, { maxOutputLength: LARGEST_CONTENT }).toString('utf8');
  const content = contentSchema.safeParse(JSON.parse(unpacked));
  const isWhole = content.data?.parts.every((part) =>
    isSigned(signedText('part', part.text), part.signature, head.publicKey),
  );
  if (!content.success || !isWhole) throw new DataError('CARRIED_DAMAGED', 'a part is not signed by the console');
  return { head, content: content.data };
}

function readFile(text: string): z.infer<typeof fileSchema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Cut off or overwritten, when it began like one of ours.
    const isOurs = text.slice(0, 200).includes('hotline-unsent-work');
    throw new DataError(isOurs ? 'CARRIED_DAMAGED' : 'CARRIED_FOREIGN', 'not readable');
  }
  const parsed = fileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const isOurs = text.slice(0, 200).includes('hotline-unsent-work');
  throw new DataError(isOurs ? 'CARRIED_DAMAGED' : 'CARRIED_FOREIGN', 'not a file of unsent work');
}
