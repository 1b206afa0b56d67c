import { encodeQR } from 'qr';

/** White around a code that readers need: 4 modules by ISO/IEC 18004. */
const QUIET_MODULES = 4;

/**
 * Draws a code as large as fits into a square of `side` CSS pixels, each module a whole number of device pixels: a scaled picture has
 * grey edges that cameras stumble over. Always black on white, whatever the scheme.
 */
export const drawCode = (canvas: HTMLCanvasElement, text: string, side: number, ratio: number): void => {
  const modules = encodeQR(text, 'raw', { ecc: 'low', border: QUIET_MODULES });
  const scale = Math.max(1, Math.floor((side * ratio) / modules.length));
  const size = modules.length * scale;
  if (canvas.width !== size) canvas.width = size;
  if (canvas.height !== size) canvas.height = size;
  canvas.style.width = `${size / ratio}px`;
  canvas.style.height = `${size / ratio}px`;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, size, size);
  context.fillStyle = '#000';
  modules.forEach((row, y) => {
    row.forEach((isDark, x) => {
      if (isDark) context.fillRect(x * scale, y * scale, scale, scale);
    });
  });
};
