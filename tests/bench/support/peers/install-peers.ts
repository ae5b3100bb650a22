import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runNpm } from '../../../../scripts/bootstrap/dependencies.mjs';
import { BootstrapError, explainFailure, Reporter } from '../../../../scripts/bootstrap/report.mjs';
import { PEERS_FOLDER } from './load-peer.ts';

const LOCK = path.join(PEERS_FOLDER, 'package-lock.json');
/** Written once everything is in place: the digest of the lock that was installed. */
const NOTE = path.join(PEERS_FOLDER, 'node_modules', '.installed');

/** Installs the peers exactly as locked when they are not there yet, with progress. @throws BootstrapError with one sentence for the user */
export async function installPeers(): Promise<void> {
  const wanted = createHash('sha256').update(readFileSync(LOCK)).digest('hex');
  if (existsSync(NOTE) && readFileSync(NOTE, 'utf8') === wanted) return;
  const reporter = new Reporter(1);
  await reporter.step('Peers', async () => {
    reporter.doing('installing PouchDB and WatermelonDB for this benchmark alone (about 260 packages, 110 MB)');
    // Their bindings come built inside the packages: no script has to run.
    const args = ['ci', '--prefix', PEERS_FOLDER, '--ignore-scripts', '--no-audit', '--no-fund'];
    const { code, output } = await reporter.withHeartbeat(() => runNpm(args, { cwd: PEERS_FOLDER }));
    if (code !== 0) throw explainFailure('Installing the peers of the benchmark', output);
    if (!existsSync(path.dirname(NOTE)))
      throw new BootstrapError(
        `npm installed nothing into ${PEERS_FOLDER}: look at its settings (npm config list) and run the command again.`,
      );
    writeFileSync(NOTE, wanted);
    return { note: 'ready' };
  });
}
