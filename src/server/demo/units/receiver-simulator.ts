import { type FlowRecord, flowPageSchema } from '#shared/contract/flows.contract.ts';
import { type Simulator, startSimulator } from '../simulator.ts';
import type { UnitSimulatorParts } from './unit-simulator.ts';

/** How often it looks. */
const LOOK_MS = 4_000;
/** Times until 签收 and until the result, after what came before: believable in a demo, not in an office. */
const PACE_MS = { receipt: 12_000, result: 45_000 } as const;

const RESULTS = [
  { outcome: 'rectified', text: '派出所会同街道上门核查，已责令拆除违规隔断、清理电动车，限期整改并复查。' },
  { outcome: 'punished', text: '经查属实，已对出租人依法处罚，并督促清退超员租住人员。' },
  { outcome: 'attended', text: '已到场处置，现场隐患已排除，后续纳入重点巡查。' },
] as const;

/**
 * Receivers of 流转 and 移交 that work by themselves, for demo centres: 签收 under a number of their own, later a result. They know nothing but the
 * public HTTP API and the key they were given.
 */
export function startReceiverSimulator({
  url,
  key,
  clock,
  log,
  pace = 1,
}: Omit<UnitSimulatorParts, 'seed'>): Simulator {
  const call = async (path: string, body?: object, idempotencyKey?: string) => {
    const headers = {
      authorization: `Bearer ${key}`,
      ...(body ? { 'content-type': 'application/json', 'idempotency-key': idempotencyKey ?? '' } : {}),
    };
    const response = await fetch(`${url}/api/v1/flows${path}`, {
      method: body ? 'POST' : 'GET',
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    // Somebody was quicker: at a console, or another system.
    if (!response.ok && response.status !== 409) throw new Error(`HTTP_${response.status}`);
    return response;
  };
  const answer = async (flow: FlowRecord) => {
    const age = clock.now() - (flow.receipt?.at ?? flow.sentAt);
    if (!flow.receipt && age >= PACE_MS.receipt * pace) {
      await call(`/${flow.id}/receipt`, { number: `YS${flow.ticket.number}` }, `${flow.id}.receipt`);
    } else if (flow.receipt && age >= PACE_MS.result * pace) {
      const drawn = flow.receiver === 'police' ? Number.parseInt(flow.id.slice(-4), 16) % RESULTS.length : 2;
      await call(`/${flow.id}/result`, RESULTS[drawn], `${flow.id}.result`);
    }
  };
  return startSimulator({ event: 'receivers.look-failed', everyMs: LOOK_MS * pace, log }, async (signal) => {
    const { flows } = flowPageSchema.parse(await (await call('?state=open')).json());
    for (const flow of flows) {
      if (signal.aborted) break;
      await answer(flow);
    }
  });
}
