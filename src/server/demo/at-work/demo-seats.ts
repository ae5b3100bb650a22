import { createHmac } from 'node:crypto';
import { DEMO_ACCOUNTS, DEMO_CENTRE, DEMO_SEED, DEMO_TEAMS } from '#shared/domain/demo.ts';
import type { Line } from '#shared/domain/roles.ts';
import { derivedUuid } from '../../derived-uuid.ts';
import type { Services } from '../../services.ts';
import { loadNames } from '../names.ts';
import type { Simulator } from '../simulator.ts';
import { type SeatAccount, startSeatSimulator } from './seat-simulator.ts';

/** So many agents of the demo centre are at work beside the person who looks. */
const SEATS = 9;
const FIRST_SEAT = 1_003;
/** Every third one takes calls of 12350 as well. */
const LINES_OF: readonly (readonly Line[])[] = [['12345'], ['12345'], ['12345', '12350']];

/**
 * Lets agents of the demo centre work by themselves, each with an account and a console of its own.
 * @param url base URL of the running server
 * @throws Error on a server that is not in demo mode: nobody shows a real centre seats that do not exist
 */
export async function startDemoSeats(url: string, services: Services, pace?: number): Promise<Simulator> {
  const { identity, clock, log } = services;
  if (identity.mode !== 'demo') throw new Error('Seats are simulated in demo mode only.');
  const accounts: SeatAccount[] = [];
  for (const [index, name] of listAgents().entries()) accounts.push(await ensureAccount(services, name, index));
  const parts = { url, accounts, seed: DEMO_SEED, clock, log };
  return startSeatSimulator({ ...parts, ...(pace === undefined ? {} : { pace }) });
}

/** Names that the history of the demo centre knows from the seats next to those of its accounts. */
function listAgents(): readonly string[] {
  const taken = new Set(DEMO_ACCOUNTS.map(({ name }) => name));
  return loadNames()
    .agents.filter((name) => !taken.has(name))
    .slice(0, SEATS);
}

async function ensureAccount({ accounts, identity }: Services, name: string, index: number): Promise<SeatAccount> {
  const seat = String(FIRST_SEAT + index);
  const account = `seat${seat}`;
  // Known to this server alone, and the same after a restart.
  const secret = createHmac('sha256', identity.tokenSecret).update(`demo ${account}`).digest('base64url');
  const password = `${secret}-Aa1`;
  const lines = LINES_OF[index % LINES_OF.length] ?? ['12345'];
  const team = DEMO_TEAMS[index % DEMO_TEAMS.length] ?? null;
  const known = await accounts.findByName(account);
  if (!known) await accounts.create({ account, password, name, seat, role: 'agent', centre: DEMO_CENTRE, lines, team });
  else if (known.team === null) await accounts.setTeam(DEMO_CENTRE, known.user.id, team);
  return { account, password, console: derivedUuid(identity.serverId, account), lines };
}
