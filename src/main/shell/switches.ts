/**
 * Chromium and Node switches that would open the app to another program. Fuses cover some; no fuse covers
 * `--remote-debugging-port` and its kin, so a packaged app looks for them and ends.
 */
const DANGEROUS = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
  'remote-allow-origins',
  'inspect',
  'inspect-brk',
  'inspect-port',
  'inspect-publish-uid',
  'debug-port',
  'no-sandbox',
  'disable-setuid-sandbox',
  'disable-namespace-sandbox',
  'disable-seccomp-filter-sandbox',
  'disable-gpu-sandbox',
  'single-process',
  'gpu-launcher',
  'renderer-cmd-prefix',
  'utility-cmd-prefix',
  'ppapi-plugin-launcher',
  'load-extension',
  'disable-web-security',
  'allow-running-insecure-content',
  'proxy-server',
  'proxy-pac-url',
  'host-rules',
  'host-resolver-rules',
  'ignore-certificate-errors',
  'js-flags',
  'require',
  'r',
  'eval',
  'e',
  'enable-blink-features',
  'user-data-dir',
  'log-net-log',
  'enable-automation',
] as const;

/** The dangerous switches among the program's arguments, in any letter case, by either dash or slash. */
export const findDangerousSwitches = (argv: readonly string[]): readonly string[] =>
  argv
    .map((argument) => /^(?:--?|\/)([^=]+)/.exec(argument)?.[1]?.toLowerCase())
    .filter((name): name is string => name !== undefined && (DANGEROUS as readonly string[]).includes(name));
