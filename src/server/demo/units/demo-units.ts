import type pg from 'pg';
import categoriesFile from '#resources/categories.json' with { type: 'json' };
import divisionsFile from '#resources/divisions.json' with { type: 'json' };
import { categoryTreeSchema, listCategories } from '#shared/domain/category.ts';
import { DEMO_CENTRE, DEMO_SEED } from '#shared/domain/demo.ts';
import { shippedDispatchRules } from '#shared/domain/dispatch/dispatch-rules.ts';
import { divisionFileSchema, listDivisions } from '#shared/domain/division.ts';
import { FLOW_RECEIVERS } from '#shared/domain/overlay/flow.ts';
import { nameUnit, STREET_OFFICE } from '#shared/domain/unit-name.ts';
import type { Services } from '../../services.ts';
import { addUnitKey, revokeUnitKey } from '../../units/unit-keys.ts';
import type { Simulator } from '../simulator.ts';
import { startReceiverSimulator } from './receiver-simulator.ts';
import { startUnitSimulator } from './unit-simulator.ts';

/** Listed as the holder of the key. */
const HOLDER = '演示承办单位';
const RECEIVERS_HOLDER = '演示公安与应急服务';

/**
 * Lets the units of the demo centre, and 公安 and the services that calls are handed over to, work by themselves, with keys of their own that end with them.
 * @param url base URL of the running server
 * @throws Error on a server that is not in demo mode: nobody answers real citizens with made-up texts
 */
export async function startDemoUnits(
  url: string,
  { pool, clock, log, identity }: Services,
  pace?: number,
): Promise<Simulator> {
  if (identity.mode !== 'demo') throw new Error('Units are simulated in demo mode only.');
  const units = await listDemoUnits(pool);
  const fields = {
    centre: DEMO_CENTRE,
    lines: ['12345' as const, '12350' as const],
    units: [...units],
    holder: HOLDER,
  };
  const { id, key } = await addUnitKey(pool, fields, clock.now());
  const simulator = startUnitSimulator({
    url,
    key,
    seed: DEMO_SEED,
    clock,
    log,
    ...(pace === undefined ? {} : { pace }),
  });
  const receivers = { ...fields, kind: 'flow' as const, units: [...FLOW_RECEIVERS], holder: RECEIVERS_HOLDER };
  const receiverKey = await addUnitKey(pool, receivers, clock.now());
  const paced = pace === undefined ? {} : { pace };
  const answering = startReceiverSimulator({ url, key: receiverKey.key, clock, log, ...paced });
  return {
    stop: async () => {
      await Promise.all([simulator.stop(), answering.stop()]);
      await revokeUnitKey(pool, id, clock.now());
      await revokeUnitKey(pool, receiverKey.id, clock.now());
    },
  };
}

/** Every unit that the categories and the rule of dispatch name at a place of the demo centre, and those that have tickets. */
async function listDemoUnits(pool: pg.Pool): Promise<ReadonlySet<string>> {
  const kinds = new Set([STREET_OFFICE]);
  for (const { unit } of shippedDispatchRules().duty.units) kinds.add(unit);
  for (const { unit } of listCategories(categoryTreeSchema.parse(categoriesFile))) if (unit !== null) kinds.add(unit);
  const places = listDivisions(divisionFileSchema.parse(divisionsFile)).filter(({ code }) =>
    code.startsWith(DEMO_CENTRE.slice(0, 4)),
  );
  const known = await pool.query<{ unit: string }>(
    'SELECT DISTINCT unit FROM tickets WHERE centre = $1 AND unit IS NOT NULL',
    [DEMO_CENTRE],
  );
  const named = places.flatMap(({ names }) => [...kinds].map((kind) => nameUnit(kind, names)));
  return new Set([...known.rows.map(({ unit }) => unit), ...named]);
}
