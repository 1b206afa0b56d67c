import { Button, SegmentedControl, Slider } from '@mantine/core';
import {
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipBackFilled,
  IconPlayerSkipForwardFilled,
} from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { envelopes as words } from '../../../../../assets/locales/en/envelopes';
import { AppError } from '../../../../shared/errors';
import { Hash32 } from '../../../../shared/model/ids';
import {
  ErrorState,
  formatBytes,
  formatCount,
  formatDuration,
  goBack,
  KeyValue,
  LoadingState,
  navigate,
  Page,
  useLocale,
  useNavigation,
  useRoute,
} from '../../../ui';
import { Hex } from '../Hex';
import styles from './exchange.module.css';
import type { What } from './frames';
import { drawCode } from './qr-code';
import { usePlayer } from './use-player';

const q = words.qr;
const SIZES = { normal: 480, large: 660 } as const;
type Size = keyof typeof SIZES;
const SPEEDS = { least: 2, most: 12, standard: 6 } as const;
/** Longer than this, nobody holds a camera still. */
const LONG_SECONDS = 120;
/** Frames beyond the pure ones that a reader usually needs. */
const SURPLUS = 1.3;

/** What is to be shown, from the place in the app; `null` where it says nothing that exists. */
const readWhat = (id: string | null, format: string | undefined): What | null => {
  if (format === 'person') return { format };
  const digest = Hash32.safeParse(id);
  if (!digest.success) return null;
  return { format: format === 'policy' ? 'policy' : 'envelope', digest: digest.data };
};

const Code = ({
  text,
  label,
  size,
}: {
  readonly text: string;
  readonly label: string;
  readonly size: number;
}) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current) drawCode(canvas.current, text, size, window.devicePixelRatio);
  }, [text, size]);
  return (
    <div className={styles.codeGround} style={{ minWidth: size, minHeight: size }}>
      <canvas ref={canvas} className={styles.code} role="img" aria-label={label} />
    </div>
  );
};

const Player = ({ what }: { readonly what: What }) => {
  const locale = useLocale();
  const [size, setSize] = useState<Size>('normal');
  const [speed, setSpeed] = useState<number>(SPEEDS.standard);
  const player = usePlayer(what, speed);
  const { frame, facts, error, isPlaying } = player;
  const isStill = useMemo(() => window.matchMedia('(prefers-reduced-motion: reduce)').matches, []);
  if (frame === null || facts === null)
    return error ? (
      <ErrorState error={error} layout="page" onRetry={player.retry} />
    ) : (
      <LoadingState text={q.loading} />
    );
  const isSingle = facts.pure === 1;
  const seconds = (facts.pure * SURPLUS) / speed;
  const number = formatCount(frame.index + 1, locale);
  return (
    <div className={styles.player}>
      <Code text={frame.text} label={q.code(number)} size={SIZES[size]} />
      <div className={styles.controls}>
        {error ? <ErrorState error={error} onRetry={player.retry} /> : null}
        {isSingle ? (
          <p>{q.single}</p>
        ) : (
          <>
            <div className={styles.counter}>
              {/* Not a live region: it changes several times a second. */}
              <strong className="tabular">{q.frame(number)}</strong>
              <span className={styles.quiet}>{q.pure(formatCount(facts.pure, locale))}</span>
            </div>
            <div className={styles.buttons}>
              <Button
                variant="default"
                aria-label={q.back}
                disabled={frame.index === 0}
                onClick={() => player.step(-1)}
              >
                <IconPlayerSkipBackFilled size={15} aria-hidden />
              </Button>
              <Button
                leftSection={
                  isPlaying ? (
                    <IconPlayerPauseFilled size={15} aria-hidden />
                  ) : (
                    <IconPlayerPlayFilled size={15} aria-hidden />
                  )
                }
                onClick={() => player.setPlaying(!isPlaying)}
              >
                {isPlaying ? q.pause : q.play}
              </Button>
              <Button variant="default" aria-label={q.step} onClick={() => player.step(1)}>
                <IconPlayerSkipForwardFilled size={15} aria-hidden />
              </Button>
            </div>
            {isStill && !isPlaying ? <p className={styles.quiet}>{q.still}</p> : null}
            <div className={styles.speed}>
              <div className={styles.label}>{q.speed}</div>
              <Slider
                thumbLabel={q.speed}
                min={SPEEDS.least}
                max={SPEEDS.most}
                step={1}
                value={speed}
                onChange={setSpeed}
                label={null}
                marks={[SPEEDS.least, SPEEDS.standard, SPEEDS.most].map((value) => ({
                  value,
                  label: String(value),
                }))}
              />
            </div>
          </>
        )}
        <div>
          <div className={styles.label}>{q.size}</div>
          <SegmentedControl
            aria-label={q.size}
            value={size}
            onChange={(next) => setSize(next as Size)}
            data={(Object.keys(SIZES) as Size[]).map((value) => ({ value, label: q.sizes[value] }))}
          />
        </div>
        <KeyValue
          facts={[
            { label: q.bytes, value: formatBytes(facts.sizeBytes, locale) },
            ...(isSingle ? [] : [{ label: q.duration, value: q.time(formatDuration(seconds)) }]),
          ]}
        />
        {seconds > LONG_SECONDS ? <p className={styles.warn}>{q.slow}</p> : null}
        {what.format === 'person' ? null : (
          <div>
            <div className={styles.label}>{words.detail.digest}</div>
            <Hex value={what.digest} />
          </div>
        )}
        <p className={styles.quiet}>{q.limits}</p>
      </div>
    </div>
  );
};

/** An envelope, a policy or the own card as moving QR codes, for a camera that has no network. */
export const QrScreen = () => {
  const { id, params } = useRoute();
  const what = readWhat(id, params['format']);
  const canGoBack = useNavigation((state) => state.past.length > 0);
  const leave = (): void => {
    if (canGoBack) goBack();
    else navigate('inbox');
  };
  return (
    <Page
      above={
        <button type="button" className="n-link" onClick={leave}>
          {q.leave}
        </button>
      }
      title={what === null ? q.title : q.titles[what.format]}
      subtitle={q.text}
    >
      {what === null ? (
        <ErrorState error={new AppError('envelope/unknown')} layout="page" />
      ) : (
        <Player what={what} />
      )}
    </Page>
  );
};
