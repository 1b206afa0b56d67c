/** Where the main window was. Kept in a small file; a file that cannot be read or fits no display is ignored. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

export type Bounds = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};
export type WindowState = { readonly bounds: Bounds | null; readonly isMaximized: boolean };

export const MINIMUM_SIZE = { width: 1024, height: 700 } as const;
export const DEFAULT_SIZE = { width: 1440, height: 900 } as const;

const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);

/** At least a hand's breadth of the title bar must be on some display, or the window could not be moved. */
const isReachable = (bounds: Bounds, displays: readonly Bounds[]): boolean =>
  displays.some(
    (display) =>
      bounds.x + bounds.width > display.x + 100 &&
      bounds.x < display.x + display.width - 100 &&
      bounds.y >= display.y &&
      bounds.y < display.y + display.height - 60,
  );

export const readWindowState = (file: string, displays: readonly Bounds[]): WindowState => {
  const none: WindowState = { bounds: null, isMaximized: false };
  try {
    const { x, y, width, height, isMaximized } = JSON.parse(readFileSync(file, 'utf8')) as Record<
      string,
      unknown
    >;
    if (!isWhole(x) || !isWhole(y) || !isWhole(width) || !isWhole(height)) return none;
    if (width < MINIMUM_SIZE.width || height < MINIMUM_SIZE.height || width > 20_000 || height > 20_000)
      return none;
    const bounds = { x, y, width, height };
    return { bounds: isReachable(bounds, displays) ? bounds : null, isMaximized: isMaximized === true };
  } catch {
    return none;
  }
};

export const writeWindowState = (file: string, bounds: Bounds, isMaximized: boolean): void => {
  try {
    const { x, y, width, height } = bounds;
    writeFileSync(`${file}.new`, JSON.stringify({ x, y, width, height, isMaximized }), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch {
    // A convenience: not worth an error on the way out.
  }
};
