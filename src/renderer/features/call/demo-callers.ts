import { LINES, type Line } from '#shared/domain/roles.ts';

/** Somebody who may ring in the demo. */
export interface DemoCaller {
  readonly ani: string;
  readonly name: string;
  readonly line: Line;
}

let callers: readonly DemoCaller[] | null = null;
let last = -1;

/** A random person of the demo city, never the same twice in a row. */
export async function pickDemoCaller(): Promise<DemoCaller> {
  if (!callers) {
    const file = await import('#resources/demo/callers.json');
    callers = file.default.callers.map(({ ani, name, line }) => ({
      ani,
      name,
      line: LINES.find((one) => one === line) ?? '12345',
    }));
  }
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  let index = random % callers.length;
  if (index === last) index = (index + 1) % callers.length;
  last = index;
  return callers[index] ?? { ani: '', name: '', line: '12345' };
}
