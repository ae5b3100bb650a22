import { type CallProvider, ProviderError } from './call-provider.ts';

/** No telephone system is configured: tickets are written without calls. Never replaced by a simulation in silence. */
export const noProvider: CallProvider = {
  capabilities: { simulate: false },
  subscribe: () => () => {},
  execute: () => Promise.reject(new ProviderError('NOT_SUPPORTED')),
  dispose: () => {},
};
