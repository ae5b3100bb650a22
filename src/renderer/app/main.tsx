import '../ui/mantine.css';
import '../ui/tokens.css';
import '../ui/controls.css';
import { createRoot } from 'react-dom/client';
import type { Preferences } from '#shared/contract/shell.contract.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { startKeyboard } from '../platform/actions.ts';
import { invokeShell, onShellEvent } from '../platform/bridge.ts';
import { answerCloseRequests } from '../platform/close-requests.ts';
import { startDataClient } from '../platform/data-client.ts';
import { useWindowStore } from '../platform/window.store.ts';
import { App } from './App.tsx';
import { startTexts, switchLanguage } from './i18n/i18n.ts';
import { prefetchShell } from './load-shell.ts';
import { Providers } from './Providers.tsx';

const dataStateKnown = startDataClient();
startKeyboard();
answerCloseRequests();
onShellEvent('shell:preferences-changed', (payload) => {
  useWindowStore.setState({ preferences: payload as Preferences });
});
useWindowStore.subscribe((state, before) => {
  if (state.preferences.language !== before.preferences.language) void switchLanguage(state.preferences.language);
});

const [preferences, info] = await Promise.all([
  invokeShell('shell:preferences:get', undefined),
  invokeShell('shell:info', undefined),
  dataStateKnown,
]);
await startTexts(preferences.language);
useWindowStore.setState({ preferences, info });

createRoot(forceUnwrap('index.html has a root element', document.getElementById('root'))).render(
  <Providers>
    <App />
  </Providers>,
);

prefetchShell();
