import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Root folder of the project. */
export const PROJECT_ROOT = path.resolve(import.meta.dirname, '..');

/** Everything made while working on the project; git ignores it. */
export const CACHE_DIR = path.join(PROJECT_ROOT, '.cache');

/** The Electron that development and tests run on, as the bootstrap found it. */
export interface ElectronRuntime {
  readonly electronPath: string;
  readonly electronVersion: string;
  /** `fallback` is the older Electron for closed networks; it is never packaged. */
  readonly kind: 'product' | 'fallback';
  /** Build of the SQLite driver for the fallback; null when the shipped one works. */
  readonly nativeBinding: string | null;
}

/**
 * What `scripts/bootstrap.mjs` wrote to .cache/runtime.json.
 * @throws Error when the bootstrap has not run yet
 */
export function readRuntime(): ElectronRuntime {
  const file = path.join(CACHE_DIR, 'runtime.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ElectronRuntime;
  } catch (cause) {
    throw new Error(`${file} is missing: run "node scripts/bootstrap.mjs" first.`, { cause });
  }
}

/**
 * Electron's sandbox switch for this machine: Chromium refuses its sandbox for root, and Ubuntu's AppArmor forbids the
 * user namespaces it needs. Empty where the real sandbox works.
 */
export function sandboxArguments(): readonly string[] {
  return process.getuid?.() === 0 || isNamespaceRestricted() ? ['--no-sandbox'] : [];
}

/** Environment for an Electron of this runtime; the app reads HOTLINE_NATIVE_BINDING in development only. */
export function electronEnvironment(
  runtime: ElectronRuntime,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const { ELECTRON_RUN_AS_NODE: _, ...inherited } = process.env;
  return {
    ...(inherited as Record<string, string>),
    ...(runtime.nativeBinding === null ? {} : { HOTLINE_NATIVE_BINDING: runtime.nativeBinding }),
    ...more,
  };
}

function isNamespaceRestricted(): boolean {
  try {
    return readFileSync('/proc/sys/kernel/apparmor_restrict_unprivileged_userns', 'utf8').trim() === '1';
  } catch {
    return false;
  }
}
