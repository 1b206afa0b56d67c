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
  'net-log-capture-mode',
  'trace-startup',
  'trace-startup-file',
  'log-file',
  'enable-crash-reporter',
  'crash-dumps-dir',
  'disable-site-isolation-trials',
  'disable-features',
  'unsafely-treat-insecure-origin-as-secure',
  'allow-file-access-from-files',
  'no-zygote',
  'ssl-key-log-file',
  'enable-automation',
] as const;

/** Of these Chromium is asked too, because none of them is ever set by Electron itself. */
const NEVER_SET_BY_ELECTRON: readonly string[] = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
  'remote-allow-origins',
  'gpu-launcher',
  'renderer-cmd-prefix',
  'utility-cmd-prefix',
  'load-extension',
  'disable-web-security',
  'proxy-server',
  'proxy-pac-url',
  'host-rules',
  'ignore-certificate-errors',
  'ssl-key-log-file',
];

/**
 * The dangerous switches of this start: among the program's arguments, in any letter case, by either dash or slash and with
 * spaces around (Chromium trims them), and among what Chromium itself has understood (`hasSwitch`).
 */
export const findDangerousSwitches = (
  argv: readonly string[],
  hasSwitch: (name: string) => boolean = () => false,
): readonly string[] => {
  const named = argv.map((argument) => /^\s*(?:--?|\/)([^=]+)/.exec(argument)?.[1]?.trim().toLowerCase());
  return DANGEROUS.filter(
    (name) => named.includes(name) || (NEVER_SET_BY_ELECTRON.includes(name) && hasSwitch(name)),
  );
};
