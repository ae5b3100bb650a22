import type { ModelConsole } from './model-console.ts';
import type { ModelWorld } from './model-world.ts';

/** Nothing goes wrong any more: everybody syncs until all is sent and received. @throws when that never comes */
export async function exchange(world: ModelWorld): Promise<void> {
  world.isWild = false;
  world.centre.database.crashAfter = null;
  for (let rounds = 0; ; rounds++) {
    await world.round();
    await world.network.deliverLate();
    if (world.consoles.every((each) => isSynced(world, each))) break;
    if (rounds > 40) throw new Error(`never drained: ${world.consoles.map((each) => tell(each)).join('; ')}`);
  }
  await world.settle();
}

function isSynced({ centre }: ModelWorld, self: ModelConsole): boolean {
  const { tables } = centre.database;
  const { scopes } = self;
  const isCaughtUp = scopes.every(
    ({ scope, seq, parity }) => seq === Number(tables.clocks.get(scope)?.value ?? 0) && parity !== 'unknown',
  );
  return self.isUp && scopes.length > 0 && isCaughtUp && self.outbox.every(({ state }) => state !== 'waiting');
}

function tell(self: ModelConsole): string {
  const { connection, problem, outbox, parity } = self.engine.status();
  const scopes = self.scopes
    .map(({ scope, seq, epoch, parity: told }) => `${scope}@${epoch}/${seq} ${told}`)
    .join(', ');
  return `${self.name} ${connection} ${problem?.code ?? ''} ${problem?.detail ?? ''}, ${outbox.waiting} waiting, ${parity}: ${scopes}`;
}
