/** `npm run bench`: every tests/bench/*.bench.ts after the other, each prints its table. Names as arguments run only those. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { waitForEnd } from './child-process.ts';
import { PROJECT_ROOT, readRuntime } from './runtime.ts';
import { startVirtualDisplay } from './xvfb.ts';

const SUFFIX = '.bench.ts';
const folder = path.join(PROJECT_ROOT, 'tests', 'bench');

const all = readdirSync(folder)
  .filter((file) => file.endsWith(SUFFIX))
  .sort();
const names = all.map((file) => file.slice(0, -SUFFIX.length));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`Unknown benchmark ${unknown.join(', ')}: choose from ${names.join(', ')}.`);
  process.exit(2);
}

const cpu = os.cpus();
const runtime = readRuntime();
console.log(`${cpu.length} × ${cpu[0]?.model ?? 'unknown CPU'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB`);
console.log(`Node ${process.versions.node}, Electron ${runtime.electronVersion} (${runtime.kind})`);

const display = process.platform === 'linux' ? await startVirtualDisplay() : null;
const failed: string[] = [];
/** Caches of a million tickets take minutes to fill: benchmarks that measure the same one share it. */
const caches = mkdtempSync(path.join(os.tmpdir(), 'hotline-bench-caches-'));
try {
  for (const name of names) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.log(`\n━━ ${name} ${'━'.repeat(Math.max(0, 76 - name.length))}`);
    const child = spawn(process.execPath, [path.join(folder, `${name}${SUFFIX}`)], {
      cwd: PROJECT_ROOT,
      stdio: 'inherit',
      env: { BENCH_CACHES: caches, ...process.env, ...(display ? { DISPLAY: display.display } : {}) },
    });
    if ((await waitForEnd(child)) !== 0) failed.push(name);
  }
} finally {
  rmSync(caches, { recursive: true, force: true });
  await display?.stop();
}
if (failed.length > 0) {
  console.error(`\nFailed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
