/** One line of the speed table. `target` says what the product promises; `met` is null where there is no promise. */
export interface BenchRow {
  readonly what: string;
  readonly measured: string;
  readonly target: string;
  readonly met: boolean | null;
}

/** Value below which `share` (0…1) of the samples lie; nearest-rank. Throws without samples. */
export function percentile(samples: readonly number[], share: number): number {
  if (samples.length === 0) throw new Error('percentile of no samples');
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Milliseconds with a sensible number of digits. */
export function ms(value: number): string {
  return `${value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)} ms`;
}

/** Runs `work` `times` times and gives the duration of each run in ms. */
export function sample(times: number, work: (index: number) => void): readonly number[] {
  const samples: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    work(i);
    samples.push(performance.now() - start);
  }
  return samples;
}

/** Runs `work` `times` times; how long each run took, and how much processor time it used, which waiting for others does not add to. */
export function sampleWork(
  times: number,
  work: (index: number) => void,
): { readonly waited: readonly number[]; readonly worked: readonly number[] } {
  const waited: number[] = [];
  const worked: number[] = [];
  for (let i = 0; i < times; i++) {
    const before = process.cpuUsage();
    const start = performance.now();
    work(i);
    waited.push(performance.now() - start);
    const { user, system } = process.cpuUsage(before);
    worked.push((user + system) / 1_000);
  }
  return { waited, worked };
}

/** Prints rows as a Markdown table, the form docs/performance.md uses. */
export function printTable(title: string, rows: readonly BenchRow[]): void {
  console.log(`\n### ${title}\n`);
  console.log('| what | measured | target | met |');
  console.log('| --- | --- | --- | --- |');
  for (const row of rows) {
    console.log(
      `| ${row.what} | ${row.measured} | ${row.target} | ${row.met === null ? '' : row.met ? 'yes' : '**no**'} |`,
    );
  }
}
