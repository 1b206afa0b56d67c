import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { decodeVideo } from './decode';

export type CameraState = 'off' | 'starting' | 'on' | 'missing' | 'denied' | 'failed';

/** Milliseconds between two looks at the camera's picture. */
const LOOK_EVERY_MS = 60;

const stateOfError = (error: unknown): CameraState => {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'missing' : 'failed';
};

const stopTracks = (stream: MediaStream | null): void => {
  for (const track of stream?.getTracks() ?? []) track.stop();
};

export type Camera = {
  readonly state: CameraState;
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly start: () => void;
  readonly stop: () => void;
};

/**
 * The camera, looked at for codes while it is on. Its pictures stay in this page: they are drawn, searched and dropped.
 * It is off as soon as the screen is left.
 */
export const useCamera = (onCode: (text: string) => void, isBusy: () => boolean): Camera => {
  const [state, setState] = useState<CameraState>('off');
  const video = useRef<HTMLVideoElement>(null);
  const stream = useRef<MediaStream | null>(null);
  const wish = useRef(0);
  const latest = useRef({ onCode, isBusy });
  latest.current = { onCode, isBusy };

  const stop = useCallback((): void => {
    wish.current += 1;
    stopTracks(stream.current);
    stream.current = null;
    setState('off');
  }, []);

  const start = useCallback((): void => {
    const own = ++wish.current;
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (devices === undefined) {
      setState('missing');
      return;
    }
    setState('starting');
    devices
      .getUserMedia({
        audio: false,
        video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
      })
      .then(
        (opened) => {
          // Stopped, or left, before it was there.
          if (wish.current !== own) return stopTracks(opened);
          stream.current = opened;
          for (const track of opened.getTracks()) track.addEventListener('ended', stop);
          setState('on');
        },
        (error: unknown) => {
          if (wish.current === own) setState(stateOfError(error));
        },
      );
  }, [stop]);

  useEffect(() => {
    const element = video.current;
    if (state !== 'on' || element === null) return undefined;
    element.srcObject = stream.current;
    // Refused only while the element goes away.
    element.play().catch(() => undefined);
    const canvas = document.createElement('canvas');
    let last = '';
    const timer = setInterval(() => {
      if (latest.current.isBusy()) return;
      const text = decodeVideo(canvas, element);
      // A code that stands still is told once.
      if (text === null || text === last) return;
      last = text;
      latest.current.onCode(text);
    }, LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
      element.srcObject = null;
    };
  }, [state]);

  useEffect(
    () => () => {
      wish.current += 1;
      stopTracks(stream.current);
    },
    [],
  );

  return { state, video, start, stop };
};
