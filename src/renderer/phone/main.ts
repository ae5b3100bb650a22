import demoCallers from '#resources/demo/callers.json' with { type: 'json' };
import type { PortMessage } from '#shared/contract/shell.contract.ts';
import { DEMO_ACCOUNTS } from '#shared/domain/demo.ts';
import { demoCallerFileSchema } from '#shared/domain/demo-scenario.ts';
import type { CallProvider } from './call-provider.ts';
import { playCalls } from './call-script.ts';
import { noProvider } from './no-provider.ts';
import { systemScheduler } from './scheduler.ts';
import { createSeatPhone } from './seat-phone.ts';
import { servePhonePort } from './serve-port.ts';
import { seededPeers } from './simulated-peers.ts';
import { SimulatorProvider } from './simulator-provider.ts';

/** The provider named by the window's address, which main alone writes. */
function createProvider(settings: URLSearchParams): CallProvider {
  if (settings.get('provider') !== 'simulator') return noProvider;
  const seed = Number(settings.get('seed') ?? 0);
  const leader = DEMO_ACCOUNTS.find(({ role }) => role === 'lead');
  const lead = leader ? ({ kind: 'seat', seat: leader.seat, name: leader.name } as const) : null;
  if (settings.get('calls') !== 'scripted')
    return new SimulatorProvider({ scheduler: systemScheduler, script: null, lead });
  const { callers } = demoCallerFileSchema.parse(demoCallers);
  return new SimulatorProvider({
    scheduler: systemScheduler,
    script: playCalls(callers, seed),
    peers: seededPeers(seed, lead),
    lead,
  });
}

const phone = createSeatPhone(createProvider(new URLSearchParams(window.location.search)), systemScheduler);

window.addEventListener('message', (event: MessageEvent<PortMessage | undefined>) => {
  const [port] = event.ports;
  if (event.source !== window || event.data?.kind !== 'hotline-port' || event.data.to !== 'phone' || !port) return;
  servePhonePort(port, phone);
});
