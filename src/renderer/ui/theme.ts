import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** Deep ink blue: the one accent. Index 7 carries white text at 7:1, index 3 stands on dark ground at 7:1. */
const ink: MantineColorsTuple = [
  '#eef2ff',
  '#dde4fc',
  '#b9c6f6',
  '#9aadf2',
  '#7089e6',
  '#526fdc',
  '#3f5bd0',
  '#3049b4',
  '#283d97',
  '#1f2f78',
];

/** Mantine's own dark greys are warm; these follow styles/tokens.css. */
const dark: MantineColorsTuple = [
  '#e7eaf0',
  '#b3bcc9',
  '#8d97a6',
  '#6b7686',
  '#39414e',
  '#2b323d',
  '#1c212a',
  '#161a21',
  '#12151b',
  '#0f1217',
];

const FONT = "'Inter Variable', Inter, system-ui, -apple-system, 'Segoe UI', sans-serif";

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 6 },
  colors: { ink, dark },
  fontFamily: FONT,
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', Consolas, monospace",
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.45', lg: '1.45', xl: '1.35' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '10px', xl: '14px' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: { fontFamily: FONT, fontWeight: '600' },
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    NumberInput: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', allowDeselect: false } },
    Modal: {
      defaultProps: {
        transitionProps: { duration: 100 },
        centered: true,
        overlayProps: { backgroundOpacity: 0.45 },
      },
    },
    Popover: { defaultProps: { transitionProps: { duration: 100 }, shadow: 'md' } },
    Menu: { defaultProps: { transitionProps: { duration: 100 }, shadow: 'md' } },
    Tooltip: {
      defaultProps: {
        openDelay: 300,
        transitionProps: { duration: 100 },
        events: { hover: true, focus: true, touch: false },
      },
    },
  },
});

/** Mantine's own variables follow the tokens of styles/tokens.css. */
export const resolveVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--n-surface)',
    '--mantine-color-text': 'var(--n-text)',
    '--mantine-color-dimmed': 'var(--n-muted)',
    '--mantine-color-placeholder': 'var(--n-placeholder)',
    '--mantine-color-error': 'var(--n-bad)',
    '--mantine-color-default': 'var(--n-surface)',
    '--mantine-color-default-hover': 'var(--n-hover)',
    '--mantine-color-default-color': 'var(--n-text)',
    '--mantine-color-default-border': 'var(--n-border-strong)',
    '--mantine-color-anchor': 'var(--n-accent-text)',
  };
  return { variables: {}, light: shared, dark: shared };
};
