import { readFileSync } from 'node:fs';

/** Seconds of processor time a process has used, as Linux counts them in hundredths; not a number elsewhere. */
export function processorSeconds(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN;
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13) ?? [];
  return (Number(user) + Number(system)) / 100;
}
