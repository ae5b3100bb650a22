import { MantineProvider } from '@mantine/core';
import { type ReactNode, useSyncExternalStore } from 'react';
import { I18nextProvider } from 'react-i18next';
import { useWindowStore } from '../platform/window.store.ts';
import { cssVariablesResolver } from '../ui/css-variables.ts';
import { theme } from '../ui/theme.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { texts } from './i18n/i18n.ts';

const darkQuery = window.matchMedia('(prefers-color-scheme: dark)');

function subscribeDark(listener: () => void): () => void {
  darkQuery.addEventListener('change', listener);
  return () => darkQuery.removeEventListener('change', listener);
}

/** Theme, texts, and the boundary that keeps drafts when a screen fails. */
export function Providers({ children }: { readonly children: ReactNode }) {
  const wanted = useWindowStore((state) => state.preferences.theme);
  const systemDark = useSyncExternalStore(subscribeDark, () => darkQuery.matches);
  const scheme = wanted === 'system' ? (systemDark ? 'dark' : 'light') : wanted;
  return (
    <I18nextProvider i18n={texts}>
      <MantineProvider
        theme={theme}
        forceColorScheme={scheme}
        cssVariablesResolver={cssVariablesResolver}
        withGlobalClasses={false}
      >
        <ErrorBoundary>{children}</ErrorBoundary>
      </MantineProvider>
    </I18nextProvider>
  );
}
