import { listHeldOf } from '#main/data/repositories/held-delete.repository.ts';
import type { CitizenId } from '#shared/kernel/ids.ts';
import { citizenScope, tableOfScope } from '#shared/sync/protocol.ts';
import type { PullResponse } from '#shared/sync/wire.ts';
import { AGENT } from '../../data/samples.ts';
import { exchange } from './exchange.ts';
import type { ModelAgents } from './model-agents.ts';
import type { ModelConsole } from './model-console.ts';
import type { ModelWorld } from './model-world.ts';

/** A shift as those see it who make something out of the ordinary happen in it. */
export interface ShiftUnderWay {
  readonly world: ModelWorld;
  readonly agents: ModelAgents;
  /** Works until this share of the shift's faults has happened. */
  work(share: number): Promise<void>;
  /** Everything is exchanged, and everything that was promised is checked. */
  quiesce(): Promise<void>;
  /** The console has lost its cache: what it showed before does not count for it any more. */
  beginAnew(self: ModelConsole): void;
}

const PEOPLE = citizenScope(AGENT.centre);
/** More than a fifth of the people, and more than the few that are believed at any size. */
const MANY = 60;
const SOME = 6;
/** Of the tickets everybody writes on, and of all that come later, these cannot be read by this build. */
const isUnreadable = (uid: string) => '048c'.includes(uid.at(-1) ?? '');

/** A disk loses the cache of a console that has work of its own: the journal brings back what the server does not have. */
export async function loseCaches({ world, agents, work, beginAnew }: ShiftUnderWay): Promise<void> {
  for (const share of [0.55, 0.65, 0.75]) {
    await work(share);
    const victim = world.pick(world.consoles.filter(({ isUp }) => isUp));
    for (let n = 0; n < 4; n++) agents.act(victim);
    const { opLogById } = world.centre.database.tables;
    const unsent = victim.outbox.filter(({ op, state }) => state === 'waiting' && !opLogById.has(op.opId));
    await victim.bury();
    victim.loseCache();
    victim.start();
    beginAnew(victim);
    const back = new Set<string>(victim.outbox.map(({ op }) => op.opId));
    for (const { op } of unsent) {
      if (!back.has(op.opId)) throw new Error(`an operation was lost with the cache of ${victim.name}: ${op.kind}`);
    }
  }
}

/**
 * The server takes rows away: some at a time, which go everywhere, also from a console that was away for longer than the server remembers;
 * then most of them, which stay everywhere until a person agrees.
 */
export async function removeRows({ world, work, quiesce }: ShiftUnderWay): Promise<void> {
  const { centre } = world;
  const away = world.pick(world.consoles);
  const present = () => [...centre.imported.keys()].filter((uid) => !centre.removed.has(uid));
  const removeWhileAway = async (uids: readonly string[], shares: readonly [number, number]) => {
    world.apart.add(away);
    centre.removePeople(uids);
    await work(shares[0]);
    // What is removed late is what a console that was away must not be told of as if it were all.
    centre.forgetRemovals();
    world.apart.delete(away);
    await work(shares[1]);
  };
  await work(0.5);
  await removeWhileAway(present().slice(0, SOME), [0.58, 0.66]);
  await quiesce();
  const many = present().slice(0, MANY);
  const { watch } = world;
  world.watch = (self) => {
    watch(self);
    checkKept(self, many);
  };
  await removeWhileAway(many, [0.74, 0.82]);
  await exchange(world);
  for (const each of world.consoles) {
    const held = new Set(listHeldOf(each.work.db, PEOPLE, 1_000));
    if (!many.every((uid) => held.has(uid))) throw new Error(`${each.name} does not say what waits for a person`);
  }
  // Between the decision and the next answer count and digest are compared with none.
  world.watch = () => {};
  for (const each of world.consoles) await each.engine.decideHeld('delete');
  await exchange(world);
  world.watch = watch;
}

function checkKept(self: ModelConsole, uids: readonly string[]): void {
  if (!self.isUp) return;
  const here = new Set(self.work.db.values<string>('SELECT uid FROM citizens'));
  const lost = uids.find((uid) => !here.has(uid));
  if (lost !== undefined) throw new Error(`${self.name} let many rows go before a person agreed: ${lost}`);
}

/**
 * The server is updated before the consoles, and some of its rows have a shape that they cannot read: those are kept for later, what was known of them
 * stays, and everything else goes on. Then the consoles are updated.
 */
export async function updateServerFirst({ world, work }: ShiftUnderWay): Promise<void> {
  await work(0.5);
  const { answer, watch } = world;
  const known = new Map(world.consoles.map((each) => [each, new Set(ticketsOf(each))]));
  // Of a scope that holds unreadable rows count and digest differ.
  world.watch = () => {};
  world.answer = async (request, self) => {
    const answered = await answer(request, self);
    if (request.path !== '/sync/pull' || answered.status !== 200) return answered;
    const page = answered.body as PullResponse;
    const rows = page.rows.map((each) =>
      each.table === 'tickets' && isUnreadable(each.row.uid)
        ? { ...each, row: { ...each.row, status: 'of-tomorrow' as never } }
        : each,
    );
    return { ...answered, body: { ...page, rows } };
  };
  await work(0.75);
  await exchange(world);
  for (const each of world.consoles) {
    checkParked(each, world);
    const here = new Set(ticketsOf(each));
    for (const uid of known.get(each) ?? []) {
      if (!here.has(uid)) throw new Error(`${each.name} lost a ticket that it could read before: ${uid}`);
    }
    if (each.scopes.some(({ held }) => held !== null)) throw new Error(`${each.name} waits for a person for nothing`);
  }
  world.answer = answer;
  for (const each of world.consoles) {
    await each.bury();
    each.start();
  }
  await exchange(world);
  world.watch = watch;
}

function ticketsOf({ work: { db } }: ModelConsole): readonly string[] {
  return db.values<string>('SELECT uid FROM tickets WHERE scope_id IS NOT NULL');
}

/** Of every ticket of the server there is the present version here: read, or kept as it came. */
function checkParked({ name, work: { db } }: ModelConsole, { centre }: ModelWorld): void {
  const parked = new Set(
    db
      .values<string>('SELECT raw FROM parked_rows')
      .map((raw) => JSON.parse(raw) as { readonly row: { readonly uid: string; readonly version: number } })
      .map(({ row }) => `${row.uid}/${row.version}`),
  );
  const versions = new Map(
    db
      .all<{ uid: string; version: number }>('SELECT uid, base_version AS version FROM tickets')
      .map(({ uid, version }) => [uid, version]),
  );
  for (const { uid, version, scope } of centre.database.tables.tickets.values()) {
    if (tableOfScope(String(scope)) !== 'tickets') continue;
    if (versions.get(String(uid)) === version || parked.has(`${uid}/${version}`)) continue;
    throw new Error(`${name} dropped a row that it cannot read yet: ${uid}`);
  }
}

/**
 * Seats are opened at a centre with many people, whose records come in segments: rows were removed after these were made, requests fail, processes die in
 * the middle of it.
 */
export async function openLateSeats({ world, work }: ShiftUnderWay): Promise<void> {
  const { centre } = world;
  await work(0.45);
  await centre.packSegments();
  const removed = [...centre.imported.keys()].slice(0, SOME) as CitizenId[];
  centre.removePeople(removed);
  const { watch } = world;
  const late: ModelConsole[] = [];
  world.watch = (self) => {
    watch(self);
    if (late.includes(self)) checkStaysAway(self, removed);
  };
  late.push(await world.addConsole());
  await work(0.6);
  await centre.packSegments();
  const before = world.segments;
  // The first one dies in the middle of its segments; when nothing came to it that way, as happens after three vain tries, the next one does.
  const { watch: watchLate } = world;
  let dead: ModelConsole | null = null;
  world.watch = (self) => {
    watchLate(self);
    const seq = self.scopes.find(({ scope }) => scope === PEOPLE)?.seq ?? 0;
    if (self !== late.at(-1) || dead || seq === 0 || world.segments === before) return;
    dead = self;
    self.kill();
  };
  for (const share of [0.7, 0.8, 0.9]) {
    late.push(await world.addConsole());
    await work(share);
    await exchange(world);
    if (dead) break;
  }
  world.watch = watch;
  const { askedFrom = [] } = (dead ?? {}) as Partial<ModelConsole>;
  const goesOn =
    askedFrom.every((seq, index) => seq >= (askedFrom[index - 1] ?? 0)) && askedFrom.some((seq) => seq > 0);
  if (!goesOn) throw new Error(`a late seat did not go on from where it was: ${askedFrom.join(', ')}`);
}

function checkStaysAway(self: ModelConsole, removed: readonly string[]): void {
  if (!self.isUp) return;
  const { db } = self.work;
  const back = removed.find((uid) => db.value('SELECT 1 FROM citizens WHERE uid = ?', uid) !== undefined);
  if (back !== undefined) throw new Error(`${self.name} was given a row that had been removed: ${back}`);
}
