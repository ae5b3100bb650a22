import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from './runtime.ts';

/**
 * Runs an installed command-line tool on the project's Node, its output on this terminal.
 * @param name package name, with the command after a colon where they differ: `dependency-cruiser:depcruise`
 * @returns its exit code, 1 when a signal ended it
 */
export function runTool(name: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  const child = spawn(process.execPath, [findTool(name), ...args], { cwd: PROJECT_ROOT, env, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** Runs a tool like `runTool` and collects what it prints on stdout. */
export function readTool(name: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [findTool(name), ...args], {
    cwd: PROJECT_ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.once('error', reject);
    child.once('close', () => resolve(output));
  });
}

/** Path of a tool's program, from the package itself: node_modules/.bin holds shell scripts on Windows. */
function findTool(name: string): string {
  const [packageName = name, command = path.basename(packageName)] = name.split(':');
  const folder = path.join(PROJECT_ROOT, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    readonly bin: string | Readonly<Record<string, string>>;
  };
  const program = typeof bin === 'string' ? bin : bin[command];
  if (program === undefined) throw new Error(`${packageName} has no command ${command}`);
  return path.join(folder, program);
}
