/**
 * `npm run load`: many consoles at one centre, on this machine. Scenarios as arguments (storm, shift, first-sync; all without any).
 * Ends with 1 when an operation was lost or doubled. The consoles' own work is on the same machine and counts against the server.
 */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { printTable } from '../bench/support/report.ts';
import { openLoadCentre } from './load-centre.ts';
import { firstSync, type LoadOptions, type LoadReport, shift, storm } from './scenarios.ts';

const SCENARIOS = { storm, shift, 'first-sync': firstSync } as const;
type Scenario = keyof typeof SCENARIOS;
/** More would be an attack, not a measurement. */
const MOST = { consoles: 2_000, processes: 8, ops: 5_000, seconds: 300, pace: 60, newcomers: 100 } as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    consoles: { type: 'string', default: '400' },
    processes: { type: 'string', default: '1' },
    ops: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '30' },
    pace: { type: 'string', default: '1' },
    newcomers: { type: 'string', default: '10' },
  },
});

function readNumber(name: keyof typeof MOST): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 1 && value <= MOST[name]) return value;
  console.error(`--${name} must be a whole number from 1 to ${MOST[name]}.`);
  process.exit(2);
}

const isScenario = (name: string): name is Scenario => Object.hasOwn(SCENARIOS, name);
const unknown = positionals.find((name) => !isScenario(name));
if (unknown !== undefined) {
  console.error(`Unknown scenario ${unknown}: choose from ${Object.keys(SCENARIOS).join(', ')}.`);
  process.exit(2);
}
const wanted = positionals.length > 0 ? positionals.filter(isScenario) : (Object.keys(SCENARIOS) as Scenario[]);
const options: LoadOptions = {
  ops: readNumber('ops'),
  seconds: readNumber('seconds'),
  pace: readNumber('pace'),
  newcomers: readNumber('newcomers'),
};
const [consoles, processes] = [readNumber('consoles'), readNumber('processes')];

const cpu = os.cpus();
console.log(
  `${cpu.length} × ${cpu[0]?.model ?? 'unknown CPU'}; ${processes} server process(es) and all consoles on it`,
);
const centre = await openLoadCentre(consoles, processes, (line) => console.log(line));
try {
  for (const name of wanted) {
    const report: LoadReport = await SCENARIOS[name](centre, options);
    const faults = report.lost + report.doubled;
    printTable(name, [
      ...report.rows,
      {
        what: 'operations lost / doubled',
        measured: `${report.lost} / ${report.doubled}`,
        target: '0 / 0',
        met: faults === 0,
      },
    ]);
    if (faults > 0) process.exitCode = 1;
  }
} finally {
  await centre.close();
}
