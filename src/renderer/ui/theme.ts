import { Button, createTheme, Input, type MantineColorsTuple, PasswordInput } from '@mantine/core';

/** The one accent: a civic blue. Shade 7 carries white text at 7:1, shade 3 carries dark text at 8:1. */
const civic: MantineColorsTuple = [
  '#e6eef9',
  '#d3e1f4',
  '#b4cfef',
  '#8ab8f2',
  '#5d95dd',
  '#3f7bc9',
  '#2a66b6',
  '#1d57a5',
  '#174a8f',
  '#103a73',
];

export const theme = createTheme({
  primaryColor: 'civic',
  colors: { civic },
  primaryShade: { light: 7, dark: 3 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  black: '#1b2128',
  fontFamily: 'var(--font-ui)',
  fontFamilyMonospace: 'var(--font-mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
  lineHeights: { xs: '1.5', sm: '1.5', md: '1.55', lg: '1.55', xl: '1.5' },
  spacing: { xs: '6px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  defaultRadius: 4,
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  headings: { fontWeight: '600' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Button: Button.extend({
      defaultProps: { size: 'sm' },
      vars: () => ({ root: { '--button-height': '32px', '--button-padding-x': '12px', '--button-fz': '14px' } }),
    }),
    Input: Input.extend({
      vars: () => ({ wrapper: { '--input-height': '32px', '--input-fz': '14px', '--input-padding': '10px' } }),
    }),
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: PasswordInput.extend({ defaultProps: { size: 'sm' } }),
    Textarea: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true, fz: 'xs' } },
  },
});
