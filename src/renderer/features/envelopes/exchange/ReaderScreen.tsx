import { Button, Progress } from '@mantine/core';
import { IconCamera, IconCameraOff } from '@tabler/icons-react';
import { useEffect } from 'react';
import { envelopes as words } from '../../../../../assets/locales/en/envelopes';
import {
  ErrorState,
  formatCount,
  Notice,
  navigate,
  Page,
  replaceRoute,
  Section,
  showToast,
  useLocale,
} from '../../../ui';
import { describeTaken, IntakeResult } from '../intake/IntakeResult';
import styles from './exchange.module.css';
import { Pictures } from './Pictures';
import { type Camera, useCamera } from './use-camera';
import { type Reader, useReader } from './use-reader';

const r = words.reader;
const PROBLEMS = {
  missing: { title: r.noCamera, text: r.noCameraText },
  denied: { title: r.denied, text: r.deniedText },
  failed: { title: r.cameraFailed, text: r.cameraFailedText },
} as const;

const CameraView = ({ camera, isOver }: { readonly camera: Camera; readonly isOver: boolean }) => {
  const { state, video, start, stop } = camera;
  const problem = state === 'missing' || state === 'denied' || state === 'failed' ? PROBLEMS[state] : null;
  return (
    <div className={styles.camera}>
      <div className={styles.viewer} data-state={state}>
        {state === 'on' ? (
          // biome-ignore lint/a11y/useMediaCaption: a live picture without sound
          <video ref={video} className={styles.video} muted playsInline aria-label={r.cameraPicture} />
        ) : (
          <IconCameraOff size={40} stroke={1.3} aria-hidden />
        )}
      </div>
      {problem === null ? null : (
        <Notice tone="warn" title={problem.title}>
          {problem.text}
        </Notice>
      )}
      {state === 'on' ? (
        <Button variant="default" onClick={stop}>
          {r.stop}
        </Button>
      ) : (
        <Button
          leftSection={<IconCamera size={16} aria-hidden />}
          loading={state === 'starting'}
          disabled={isOver}
          onClick={start}
        >
          {r.start}
        </Button>
      )}
    </div>
  );
};

/** How far the reading is, and what was seen last. */
const Status = ({ reader, isLooking }: { readonly reader: Reader; readonly isLooking: boolean }) => {
  const locale = useLocale();
  const { reading, restart } = reader;
  const { phase, note, progress, received, expected, taken, error } = reading;
  const again = (
    <Button size="xs" variant="default" onClick={restart}>
      {r.reset}
    </Button>
  );
  if (phase === 'failed')
    return (
      <>
        <ErrorState error={error} />
        <div>{again}</div>
      </>
    );
  if (phase === 'complete' && taken !== null)
    return (
      <>
        <IntakeResult taken={taken} />
        <div>{again}</div>
      </>
    );
  const counted = r.collected(formatCount(received, locale), formatCount(expected, locale));
  return (
    <>
      <div className={styles.counter}>
        <strong role="status">
          {phase === 'collecting' ? r.collecting : isLooking ? r.looking : r.waiting}
        </strong>
        {phase === 'collecting' ? <span className={styles.quiet}>{counted}</span> : null}
        {phase === 'collecting' ? again : null}
      </div>
      <Progress value={progress * 100} size={8} radius={4} aria-label={r.progress} />
      {note === 'foreign' ? (
        <Notice tone="warn" title={r.foreign}>
          {r.foreignText(formatCount(received, locale))}
        </Notice>
      ) : null}
      {note === 'unreadable' ? <Notice tone="warn">{r.unreadable}</Notice> : null}
      <p className={styles.quiet}>{note === 'repeated' ? r.repeated : r.limits}</p>
    </>
  );
};

/** Reads envelopes, policies and cards from QR codes, by camera or from pictures. */
export const ReaderScreen = () => {
  const reader = useReader();
  const { reading, feed, isBusy } = reader;
  const camera = useCamera((text) => void feed(text), isBusy);
  const isOver = reading.phase === 'complete' || reading.phase === 'failed';
  const { stop } = camera;
  useEffect(() => {
    if (isOver) stop();
  }, [isOver, stop]);
  const { taken } = reading;
  useEffect(() => {
    if (taken === null || taken.intake.format !== 'envelope') return;
    const { title, text } = describeTaken(taken);
    showToast(taken.intake.outcome === 'unchanged' ? 'info' : 'success', title, text);
    replaceRoute('inbox', { view: 'envelope', id: taken.intake.digest });
  }, [taken]);
  return (
    <Page
      above={
        <button type="button" className="n-link" onClick={() => navigate('inbox')}>
          {words.intake.back}
        </button>
      }
      title={r.title}
      subtitle={r.text}
    >
      <Section>
        <div className={styles.status}>
          <Status reader={reader} isLooking={camera.state === 'on'} />
        </div>
      </Section>
      <div className={styles.sources}>
        <Section title={r.camera}>
          <CameraView camera={camera} isOver={isOver} />
        </Section>
        <Section title={r.pictures}>
          <Pictures isDisabled={isOver} onCode={feed} />
        </Section>
      </div>
    </Page>
  );
};
