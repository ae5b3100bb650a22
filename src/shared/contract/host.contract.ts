import { z } from 'zod';

/** Main process → data process, over the utility process's own port. */
export const hostMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('init'),
    /** Folder that holds the profiles (encrypted caches, wrapped keys). */
    profileDir: z.string().min(1),
    mode: z.enum(['demo', 'production']),
    /** Base URL of the central server, null when none is configured. */
    serverUrl: z.url().nullable(),
    /** Secret of this device out of the system keyring (base64, 32 bytes), null when there is no real keyring (KM-2, KM-3). */
    deviceSecret: z.string().nullable(),
    /** A secret was stored earlier and cannot be read now (keyring locked, gone or another one): `deviceSecret` is null then. */
    keyringUnreadable: z.boolean(),
    /** Path of the SQLite binding when the shipped one does not fit the runtime. */
    nativeBinding: z.string().nullable(),
    appVersion: z.string(),
  }),
  /** A window's port travels with this message. */
  z.strictObject({ kind: z.literal('port'), windowId: z.number().int(), windowKind: z.enum(['ui']) }),
  /** The workstation was locked or suspended: lock the session. */
  z.strictObject({ kind: z.literal('lock') }),
  /** Finish what is running, close the files, answer `closed`. */
  z.strictObject({ kind: z.literal('shutdown') }),
]);
export type HostMessage = z.infer<typeof hostMessageSchema>;

/** Data process → main process. */
export const dataProcessMessageSchema = z.discriminatedUnion('kind', [
  /** Ports are accepted now. */
  z.strictObject({ kind: z.literal('ready') }),
  /** The process cannot work at all (folder not writable, another instance owns the profile). */
  z.strictObject({ kind: z.literal('failed'), code: z.string(), detail: z.string() }),
  z.strictObject({ kind: z.literal('closed') }),
]);
export type DataProcessMessage = z.infer<typeof dataProcessMessageSchema>;
