import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const modeSchema = z.enum(['demo', 'production']);
type Mode = z.infer<typeof modeSchema>;

/** `console.json`: what an administrator sets per workstation. */
const configFileSchema = z.strictObject({
  mode: modeSchema.optional(),
  serverUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Minutes without anybody at the workstation until the console locks itself. */
  idleLockMinutes: z.int().min(1).max(480).optional(),
});

/** Without a wish of the administrator (AU-5). */
const IDLE_LOCK_MINUTES = 10;

export interface LaunchConfig {
  readonly mode: Mode;
  /** Folder of the encrypted caches, preferences and logs of this mode. */
  readonly profileDir: string;
  /** Base URL of the central server without a trailing slash, null when none is configured. */
  readonly serverUrl: string | null;
  /** SQLite binding to load instead of the shipped one (development runtime only). */
  readonly nativeBinding: string | null;
  /** The console locks itself when nobody was at the workstation for so long. */
  readonly idleLockMs: number;
  /** Demo only: calls ring by themselves, or only when somebody asks for one. */
  readonly demoCalls: 'scripted' | 'manual';
}

/** A configuration that cannot be used, with a sentence that names file and field. */
export interface ConfigProblem {
  readonly detail: string;
}

export interface LaunchEnvironment {
  readonly isPackaged: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the operating system keeps this application's data. */
  readonly userData: string;
  /** Files looked for in this order; the first that exists counts. */
  readonly configFiles: readonly string[];
}

/**
 * Where `console.json` is looked for: the person's own file, then the one an administrator wrote for everybody on the computer.
 * @param userData where the operating system keeps this application's data for this person
 */
export function configFilePaths(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
  userData: string,
): { readonly own: string; readonly shared: string } {
  const sharedFolder =
    platform === 'win32'
      ? path.win32.join(env.ProgramData || 'C:\\ProgramData', 'hotline-12345')
      : platform === 'darwin'
        ? '/Library/Application Support/hotline-12345'
        : '/etc/hotline-12345';
  const { join } = platform === 'win32' ? path.win32 : path.posix;
  return { own: join(userData, 'console.json'), shared: join(sharedFolder, 'console.json') };
}

/**
 * Decides mode, profile folder and server from the environment, then the configuration file.
 *
 * Environment: HOTLINE_MODE, HOTLINE_SERVER_URL, HOTLINE_PROFILE_DIR, HOTLINE_NATIVE_BINDING, HOTLINE_DEMO_CALLS.
 * Demo and production never share a folder: the demo's public passwords must not open anything real. Demo is only ever
 * asked for, never a fallback.
 */
export function readLaunchConfig(given: LaunchEnvironment): {
  readonly config: LaunchConfig;
  readonly problem: ConfigProblem | null;
} {
  const { env } = given;
  const problems: string[] = [];
  const file = readConfigFile(given.configFiles, problems);
  const mode = readMode(env.HOTLINE_MODE, problems) ?? file.mode ?? 'production';
  const serverUrl = readServerUrl(env.HOTLINE_SERVER_URL || file.serverUrl, mode, problems);
  const demoCalls = env.HOTLINE_DEMO_CALLS === 'manual' ? 'manual' : 'scripted';
  const config: LaunchConfig = {
    mode,
    profileDir: path.resolve(env.HOTLINE_PROFILE_DIR || path.join(given.userData, mode)),
    serverUrl,
    // The product loads no code that somebody names from outside.
    nativeBinding: given.isPackaged ? null : env.HOTLINE_NATIVE_BINDING || null,
    idleLockMs: (file.idleLockMinutes ?? IDLE_LOCK_MINUTES) * 60_000,
    demoCalls,
  };
  return { config, problem: problems.length > 0 ? { detail: problems.join('; ') } : null };
}

function readConfigFile(files: readonly string[], problems: string[]): z.infer<typeof configFileSchema> {
  for (const file of files) {
    const text = readIfExists(file, problems);
    if (text === null) continue;
    try {
      const parsed = configFileSchema.safeParse(JSON.parse(text));
      if (parsed.success) return parsed.data;
      problems.push(...parsed.error.issues.map((issue) => `${file}: ${issue.path.join('.')}: ${issue.message}`));
    } catch {
      problems.push(`${file}: not valid JSON`);
    }
    return {};
  }
  return {};
}

function readIfExists(file: string, problems: string[]): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') problems.push(`${file}: cannot be read`);
    return null;
  }
}

function readMode(value: string | undefined, problems: string[]): Mode | null {
  if (!value) return null;
  const parsed = modeSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  problems.push('HOTLINE_MODE: must be demo or production');
  return null;
}

function readServerUrl(value: string | undefined, mode: Mode, problems: string[]): string | null {
  if (!value) return null;
  if (!URL.canParse(value)) {
    problems.push('serverUrl: not a URL');
    return null;
  }
  const url = new URL(value);
  const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') problems.push('serverUrl: must be https');
  // A demo holds no personal data; a production console speaks plain HTTP only to its own machine.
  else if (url.protocol === 'http:' && mode === 'production' && !isLoopback) problems.push('serverUrl: must be https');
  else if (url.username || url.password || url.search || url.hash)
    problems.push('serverUrl: only scheme, host, port and path are allowed');
  else return url.href.replace(/\/+$/, '');
  return null;
}
