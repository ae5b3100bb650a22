import type { CSSVariablesResolver } from '@mantine/core';

/** Binds Mantine's own colours to the tokens, so that light and dark come from one place. */
export const cssVariablesResolver: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--c-surface)',
    '--mantine-color-text': 'var(--c-text)',
    '--mantine-color-dimmed': 'var(--c-muted)',
    '--mantine-color-placeholder': 'var(--c-muted)',
    '--mantine-color-error': 'var(--c-bad)',
    '--mantine-color-default': 'var(--c-surface)',
    '--mantine-color-default-hover': 'var(--c-hover)',
    '--mantine-color-default-color': 'var(--c-text)',
    '--mantine-color-default-border': 'var(--c-line-strong)',
    '--mantine-color-disabled': 'var(--c-sunken)',
    '--mantine-color-disabled-color': 'var(--c-muted)',
    '--mantine-color-disabled-border': 'var(--c-line)',
  };
  return { variables: {}, light: shared, dark: shared };
};
