import { z } from 'zod';
import { MAX_ATTACHMENT_BYTES } from '../domain/attachment/attachment-type.ts';

/** Preferences of the workstation; readable before anybody signed in, hold nothing personal. */
export const preferencesSchema = z.strictObject({
  language: z.enum(['zh-CN', 'en']),
  theme: z.enum(['light', 'dark', 'system']),
});
export type Preferences = z.infer<typeof preferencesSchema>;

export const shellInfoSchema = z.object({
  appVersion: z.string(),
  electron: z.string(),
  chrome: z.string(),
  node: z.string(),
  /** `product`: the shipped Electron; `fallback`: the development runtime of closed networks. */
  runtime: z.enum(['product', 'fallback']),
  mode: z.enum(['demo', 'production']),
  packaged: z.boolean(),
  /** The file in which an administrator names the central server for everybody on this computer. */
  configFile: z.string(),
});
export type ShellInfo = z.infer<typeof shellInfoSchema>;

/** State of the data process as the shell sees it. */
export const dataStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('starting') }),
  z.object({ kind: z.literal('running') }),
  z.object({ kind: z.literal('restarting'), reason: z.string(), attempt: z.number().int() }),
  /** Gave up restarting, or the start is impossible (folder read-only, disk full). */
  z.object({ kind: z.literal('failed'), code: z.string(), detail: z.string() }),
]);
export type DataState = z.infer<typeof dataStateSchema>;

const fileName = z.string().min(1).max(120);
/** A text, or the bytes of an attachment. */
export const saveFileSchema = z.union([
  z.strictObject({ fileName, text: z.string().max(50_000_000) }),
  z.strictObject({ fileName, base64: z.base64().max(4 * Math.ceil(MAX_ATTACHMENT_BYTES / 3)) }),
]);

/** Bytes of one piece of a file that is saved in pieces. */
export const SAVE_PIECE = 2 * 1024 * 1024;

/** Where what is shown for paper goes: through the system's print dialog, or into a PDF file. */
export const printRequestSchema = z.discriminatedUnion('to', [
  z.strictObject({ to: z.literal('printer') }),
  z.strictObject({ to: z.literal('pdf'), fileName }),
]);
export type PrintRequest = z.infer<typeof printRequestSchema>;

/** `now`: nothing keeps the window open; `asking`: the person decides, the window stays until then. */
export const closeAnswerSchema = z.enum(['now', 'asking']);
export type CloseAnswer = z.infer<typeof closeAnswerSchema>;

/** With `shell:close-requested`. `mayAsk` is false when the application ends as a whole and nobody can be asked. */
export interface CloseRequest {
  readonly mayAsk: boolean;
}

/** With `shell:idle`: nobody has been at the workstation for so long. */
export interface IdleNotice {
  readonly limitMs: number;
}

/** Everything a window may ask the main process: channel → argument and result. Nothing else is registered. */
export const shellContract = {
  'shell:info': { input: z.undefined(), output: shellInfoSchema },
  'shell:preferences:get': { input: z.undefined(), output: preferencesSchema },
  'shell:preferences:set': { input: preferencesSchema, output: preferencesSchema },
  'shell:data-state': { input: z.undefined(), output: dataStateSchema },
  'shell:data-restart': { input: z.undefined(), output: z.undefined() },
  /** Saves a text or an attachment through the system's dialog; `saved` is false when the person cancelled. */
  'shell:save-file': { input: saveFileSchema, output: z.object({ saved: z.boolean() }) },
  /** As `shell:save-file` for what is too long for one message; `id` is null when the person cancelled. A file begun before is given up. */
  'shell:save-begin': { input: z.strictObject({ fileName }), output: z.object({ id: z.uuid().nullable() }) },
  'shell:save-append': {
    input: z.strictObject({ id: z.uuid(), base64: z.base64().max(4 * Math.ceil(SAVE_PIECE / 3)) }),
    output: z.undefined(),
  },
  /** The file is at its place when this answers; with `keep` false nothing of it is left. */
  'shell:save-end': { input: z.strictObject({ id: z.uuid(), keep: z.boolean() }), output: z.undefined() },
  /** Prints what the page shows for paper; `done` is false when the person cancelled. */
  'shell:print': { input: printRequestSchema, output: z.object({ done: z.boolean() }) },
  /** After `shell:lock-requested`: what can be saved is saved, the session may be locked. */
  'shell:lock-now': { input: z.undefined(), output: z.undefined() },
  /** Answer to `shell:close-requested`. */
  'shell:close': { input: closeAnswerSchema, output: z.undefined() },
  /** Asks for a fresh port to the data process (`data`) or the phone window (`phone`); it arrives as a window message with this nonce. */
  'shell:connect': {
    input: z.strictObject({ to: z.enum(['data', 'phone']), nonce: z.string().regex(/^[0-9a-f]{32}$/) }),
    output: z.undefined(),
  },
} as const;
export type ShellChannel = keyof typeof shellContract;
export type ShellInput<C extends ShellChannel> = z.infer<(typeof shellContract)[C]['input']>;
export type ShellOutput<C extends ShellChannel> = z.infer<(typeof shellContract)[C]['output']>;

/** Events pushed from main to a window. */
export const SHELL_EVENTS = [
  'shell:data-state-changed',
  'shell:preferences-changed',
  'shell:lock-requested',
  'shell:close-requested',
  'shell:idle',
] as const;
export type ShellEvent = (typeof SHELL_EVENTS)[number];

/** What the preload exposes as `window.hotline` in the UI and phone windows. */
export interface HotlineBridge {
  invoke<C extends ShellChannel>(channel: C, input: ShellInput<C>): Promise<ShellOutput<C>>;
  on(event: ShellEvent, listener: (payload: unknown) => void): () => void;
}

/** Message by which the preload hands a port to its page: `event.ports[0]` is the port. */
export interface PortMessage {
  readonly kind: 'hotline-port';
  readonly to: 'data' | 'phone';
  readonly nonce: string;
}
