import type { SessionStatus } from '#shared/contract/session.contract.ts';
import type { HttpTarget } from './http.ts';
import { fetchReadyState } from './server-client.ts';

export type ServerState = SessionStatus['server'];

const UNKNOWN: ServerState = { state: 'unknown', done: null, total: null };
const NOT_CONFIGURED: ServerState = { state: 'not-configured', done: null, total: null };
const PREPARING_EVERY_MS = 500;
const UNREACHABLE_EVERY_MS = 2_000;
const READY_EVERY_MS = 10_000;

/** Watches whether the server is there and ready while nobody is signed in. */
export interface ServerProbe {
  readonly state: ServerState;
  start(): void;
  stop(): void;
}

/**
 * @param target null when no server is configured; then there is nothing to look for, and the state says so
 * @param onChange told when the state or its progress changed
 */
export function createServerProbe(target: HttpTarget | null, onChange: () => void): ServerProbe {
  let state = target ? UNKNOWN : NOT_CONFIGURED;
  let run = 0;
  let timer: NodeJS.Timeout | null = null;

  const look = async (mine: number, to: HttpTarget) => {
    const ready = await fetchReadyState(to);
    if (mine !== run) return;
    const next: ServerState = !ready
      ? { state: 'unreachable', done: null, total: null }
      : ready.mode !== to.mode
        ? { state: 'wrong-mode', done: null, total: null }
        : ready.state === 'ready'
          ? { state: 'ready', done: null, total: null }
          : { state: 'preparing', done: ready.done, total: ready.total };
    const changed = next.state !== state.state || next.done !== state.done || next.total !== state.total;
    state = next;
    if (changed) onChange();
    const wait =
      next.state === 'preparing'
        ? PREPARING_EVERY_MS
        : next.state === 'unreachable'
          ? UNREACHABLE_EVERY_MS
          : READY_EVERY_MS;
    timer = setTimeout(() => void look(mine, to), wait);
    timer.unref();
  };

  const probe: ServerProbe = {
    get state() {
      return state;
    },
    start: () => {
      probe.stop();
      if (target) void look(run, target);
    },
    stop: () => {
      run++;
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
  return probe;
}
