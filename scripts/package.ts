/**
 * `npm run package`: an unpacked application in dist/. `-- --installers` makes the installers of this platform too (needs
 * a network that reaches electron-builder's tools). `-- --trial` packages the runtime for closed networks to try the
 * packaging itself; what it makes is marked and must not be handed out.
 */
import path from 'node:path';
import { PROJECT_ROOT, readRuntime } from './runtime.ts';
import { runTool } from './tool.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const unknown = args.filter((argument) => !['--installers', '--trial'].includes(argument));
  if (unknown.length > 0) {
    console.error(`Unknown argument ${unknown.join(' ')}: use --installers, --trial or none.`);
    return 2;
  }
  const runtime = readRuntime();
  const isTrial = args.includes('--trial');
  if (runtime.kind === 'fallback' && !isTrial) {
    console.error(
      `Only Electron ${runtime.electronVersion} for closed networks is here, and it is never shipped: run this where the product's Electron can be downloaded, or set ELECTRON_OVERRIDE_DIST_PATH to an unpacked one.`,
    );
    return 1;
  }
  const built = await runTool('electron-vite', ['build', '--logLevel', 'warn']);
  if (built !== 0) return built;
  return runTool('electron-builder', [
    ...(args.includes('--installers') && !isTrial ? [] : ['--dir']),
    '--config',
    'electron-builder.yml',
    `-c.electronDist=${findDist(runtime.electronPath)}`,
    `-c.electronVersion=${runtime.electronVersion}`,
    ...(isTrial ? ['-c.directories.output=dist/trial-not-for-use', '-c.productName=Packaging Trial'] : []),
  ]);
}

/** Folder that holds an unpacked Electron, given its executable. */
function findDist(electronPath: string): string {
  const inBundle = electronPath.indexOf(`${path.sep}Electron.app${path.sep}`);
  return (
    path.relative(PROJECT_ROOT, inBundle === -1 ? path.dirname(electronPath) : electronPath.slice(0, inBundle)) || '.'
  );
}
