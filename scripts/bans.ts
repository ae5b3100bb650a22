import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from './runtime.ts';

/** Something that must not stand in the product's sources, by the requirement of docs/security.md that forbids it. */
export interface Ban {
  readonly id: string;
  readonly requirement: string;
  /** What is wrong with it. */
  readonly why: string;
  /** In the sources without comments. */
  readonly pattern: RegExp;
  /** Files it is looked for in, below src/. */
  readonly within: RegExp;
  /** The one place where it belongs. */
  readonly except?: RegExp;
}

const MAIN = /^src\/main\//;
const EVERYWHERE = /^src\//;

export const BANS: readonly Ban[] = [
  {
    id: 'plain-text-encryption',
    requirement: 'KM-3',
    why: 'a keyring that anybody can read counts as none',
    pattern: /\bsetUsePlainTextEncryption\b/,
    within: EVERYWHERE,
  },
  {
    id: 'serialize',
    requirement: 'KM-7',
    why: 'serialize() gives the whole database away without its encryption',
    pattern: /\.\s*serialize\s*\(/,
    within: /^src\/main\/data\//,
  },
  {
    id: 'load-extension',
    requirement: 'KM-7',
    why: 'the database loads no code',
    pattern: /\bload_?extension\b/i,
    within: EVERYWHERE,
  },
  {
    id: 'plain-attach',
    requirement: 'KM-7',
    why: 'an attached database with an empty key is written in plain text',
    pattern: /\bATTACH\b[^;]*\bKEY\s*(''|"")/i,
    within: EVERYWHERE,
  },
  {
    id: 'raw-ipc-main',
    requirement: 'IPC-1',
    why: 'channels are registered in ipc-registry.ts, which checks sender, rate, argument and answer',
    pattern: /\bipcMain\s*(as\b|\?\.|\.|\[)|\.\s*ipc\b/,
    within: MAIN,
  },
  {
    id: 'ipc-main-import',
    requirement: 'IPC-1',
    why: 'only the start of the shell hands ipcMain to the registry',
    pattern: /\bipcMain\b/,
    within: MAIN,
    except: /^src\/main\/shell\/console-app\.ts$/,
  },
  {
    id: 'ipc-renderer',
    requirement: 'IPC-5',
    why: 'pages get named functions, never the channel itself',
    pattern: /\bipcRenderer\b/,
    within: EVERYWHERE,
    except: /^src\/main\/preload\//,
  },
  {
    id: 'window-outside-factory',
    requirement: 'WIN-1',
    why: 'windows are made in windows.ts, which sets their preferences and rules',
    pattern: /\bnew\s+(BrowserWindow|BaseWindow|BrowserView|WebContentsView)\b/,
    within: EVERYWHERE,
    except: /^src\/main\/shell\/windows\.ts$/,
  },
  {
    id: 'open-external',
    requirement: 'WIN-6',
    why: 'nothing is handed to other programs',
    pattern: /\b(openExternal|openPath)\b/,
    within: EVERYWHERE,
  },
  {
    id: 'certificate-override',
    requirement: 'NET-1',
    why: "a server's certificate is checked, without exceptions",
    pattern:
      /certificate-error|\bsetCertificateVerifyProc\b|\brejectUnauthorized\s*:\s*false|NODE_TLS_REJECT_UNAUTHORIZED/,
    within: EVERYWHERE,
  },
  {
    id: 'child-process',
    requirement: 'FUSE-2',
    why: 'the console starts no process but its data process, by utilityProcess.fork',
    pattern: /['"](node:)?(child_process|cluster)['"]/,
    within: /^src\/(main|renderer|shared)\//,
  },
  {
    id: 'child-process-fork',
    requirement: 'FUSE-2',
    why: 'fork starts a second application once run-as-Node is off',
    pattern: /import[^;]*\bfork\b[^;]*['"](node:)?child_process['"]|\b(child_process|childProcess)\s*\.\s*fork\b/,
    within: EVERYWHERE,
  },
];

/** The bans that a source breaks. @param file path from the project's root, with slashes */
export function findBroken(file: string, text: string): readonly Ban[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  return BANS.filter(({ within, except, pattern }) => within.test(file) && !except?.test(file) && pattern.test(code));
}

/** Names that tell nothing of what is in a file: anything ends up there. */
const EMPTY_NAME = /(^|\/)(utils?|helpers?|common|misc)\.(ts|tsx|js|mjs|cjs)$/;

/** Whether a source has a name that says what it is about. @param file path from the project's root, with slashes */
export function isNamed(file: string): boolean {
  return !EMPTY_NAME.test(file);
}

/** Reads every source of the product. Prints what is forbidden in it and resolves to whether there was nothing. */
export async function checkBans(): Promise<boolean> {
  const files = readdirSync(path.join(PROJECT_ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|tsx|js|mjs|cjs|html)$/.test(file))
    .map((file) => path.posix.join('src', file.replaceAll(path.sep, '/')));
  let broken = 0;
  for (const file of files) {
    if (!isNamed(file)) {
      broken += 1;
      console.log(`${file}: a name that does not say what is in the file`);
    }
    for (const ban of findBroken(file, readFileSync(path.join(PROJECT_ROOT, file), 'utf8'))) {
      broken += 1;
      console.log(`${file}: ${ban.requirement} (${ban.id}): ${ban.why}`);
    }
  }
  console.log(`${files.length} sources, ${BANS.length} bans, ${broken} broken`);
  return files.length > 0 && broken === 0;
}
