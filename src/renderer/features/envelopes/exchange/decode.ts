import { decodeQR, decodeQRBatch } from 'qr/decode.js';

/** The longer side of a camera's picture when it is searched: more only costs time. */
const CAMERA_SIDE = 1024;
/** Sides that a picture is searched in, one after another until codes are found. */
const PICTURE_SIDES = [2200, 1100, 4096] as const;
/** Milliseconds for optional retries on one picture; a person waits for it. */
const PICTURE_EFFORT_MS = 400;
/** What a picture may measure: a hostile file must not fill the memory. */
export const MAX_PIXELS = 40_000_000;

type Drawable = HTMLVideoElement | ImageBitmap;

/** Pixels of a picture, scaled down to `side`, on a canvas that is used again. */
const readPixels = (
  canvas: HTMLCanvasElement,
  source: Drawable,
  width: number,
  height: number,
  side: number,
): ImageData | null => {
  const scale = Math.min(1, side / Math.max(width, height));
  const w = Math.max(1, Math.round(width * scale));
  const h = Math.max(1, Math.round(height * scale));
  canvas.width = w;
  canvas.height = h;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return null;
  context.drawImage(source, 0, 0, w, h);
  return context.getImageData(0, 0, w, h);
};

/** The text of the code in the camera's current picture; `null` when there is none to be read. */
export const decodeVideo = (canvas: HTMLCanvasElement, video: HTMLVideoElement): string | null => {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0 || videoHeight === 0) return null;
  const pixels = readPixels(canvas, video, videoWidth, videoHeight, CAMERA_SIDE);
  if (pixels === null) return null;
  try {
    return decodeQR(pixels);
  } catch {
    // Most pictures of a camera hold no readable code: the next one follows at once.
    return null;
  }
};

export type PictureReading =
  | { readonly kind: 'codes'; readonly texts: readonly string[] }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'unreadable' };

/** Every code in a picture file. The file is read in the page and goes nowhere. */
export const decodePicture = async (canvas: HTMLCanvasElement, file: Blob): Promise<PictureReading> => {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return { kind: 'unreadable' };
  }
  try {
    const { width, height } = picture;
    if (width * height > MAX_PIXELS) return { kind: 'too-large' };
    for (const side of PICTURE_SIDES) {
      // A size that changes nothing is searched once.
      if (side !== PICTURE_SIDES[0] && Math.max(width, height) <= side) continue;
      const pixels = readPixels(canvas, picture, width, height, side);
      if (pixels === null) return { kind: 'unreadable' };
      const [results = []] = await decodeQRBatch([pixels], {
        maxSize: { width: pixels.width, height: pixels.height },
        timeLimit: PICTURE_EFFORT_MS,
      });
      const texts = results.filter((result) => typeof result === 'string');
      if (texts.length > 0) return { kind: 'codes', texts: [...new Set(texts)] };
    }
    return { kind: 'codes', texts: [] };
  } finally {
    picture.close();
  }
};
