import { readdirSync } from 'node:fs';
import path from 'node:path';
import { checkBans } from './bans.ts';
import { PROJECT_ROOT } from './runtime.ts';
import { readTool, runTool } from './tool.ts';

/** A check that reads the sources without running them. */
export interface StaticCheck {
  readonly name: string;
  /** Resolves to whether the sources pass; prints what is wrong. */
  run(): Promise<boolean>;
}

/** In the order of what they cost. */
export const STATIC_CHECKS: readonly StaticCheck[] = [
  { name: 'biome', run: async () => (await runTool('@biomejs/biome:biome', ['check', '.'])) === 0 },
  { name: 'bans', run: checkBans },
  { name: 'dependencies', run: checkImports },
  { name: 'knip', run: async () => (await runTool('knip', ['--no-progress'])) === 0 },
  { name: 'tsc', run: async () => (await runTool('typescript:tsc', ['--noEmit', '--pretty'])) === 0 },
];

interface CruiseResult {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
      readonly cycle?: readonly { readonly name: string }[];
    }[];
  };
}

/** Holds the sources to .dependency-cruiser.cjs, and holds dependency-cruiser to having read every one of them. */
async function checkImports(): Promise<boolean> {
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src', 'scripts', 'tests'];
  const { modules, summary } = JSON.parse(await readTool('dependency-cruiser:depcruise', args)) as CruiseResult;
  for (const { rule, from, to, cycle } of summary.violations) {
    console.log(`${rule.name}: ${from} → ${cycle ? cycle.map((step) => step.name).join(' → ') : to}`);
  }
  const cruised = new Set(modules.map((module) => module.source));
  const unread = listSources().filter((file) => !cruised.has(file));
  for (const file of unread) console.log(`not read: ${file}`);
  if (summary.totalCruised === 0) console.log('dependency-cruiser read no module at all');
  console.log(`${summary.totalCruised} modules, ${summary.violations.length} violations`);
  return summary.totalCruised > 0 && unread.length === 0 && summary.violations.length === 0;
}

function listSources(): readonly string[] {
  return readdirSync(path.join(PROJECT_ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?<!\.d)\.tsx?$/.test(file))
    .map((file) => path.posix.join('src', file.replaceAll(path.sep, '/')));
}
