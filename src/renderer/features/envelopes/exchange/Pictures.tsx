import { Button, FileButton } from '@mantine/core';
import { IconPhoto } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { envelopes as words } from '../../../../../assets/locales/en/envelopes';
import { formatCount, Notice, useLocale } from '../../../ui';
import { decodePicture } from './decode';
import styles from './exchange.module.css';

const r = words.reader;

type Found = {
  readonly done: number;
  readonly all: number;
  readonly codes: number;
  readonly without: number;
  readonly unreadable: readonly string[];
  readonly tooLarge: readonly string[];
};

const isPicture = (file: File): boolean => file.type.startsWith('image/');

export type PicturesProps = {
  readonly isDisabled: boolean;
  readonly onCode: (text: string) => Promise<void>;
};

/** Pictures of codes: chosen or dropped here, read in this page, and forgotten. */
export const Pictures = ({ isDisabled, onCode }: PicturesProps) => {
  const locale = useLocale();
  const [found, setFound] = useState<Found | null>(null);
  const [isOver, setIsOver] = useState(false);
  const isReading = found !== null && found.done < found.all;

  const read = async (files: readonly File[]): Promise<void> => {
    if (files.length === 0 || isReading) return;
    const canvas = document.createElement('canvas');
    let state: Found = { done: 0, all: files.length, codes: 0, without: 0, unreadable: [], tooLarge: [] };
    setFound(state);
    for (const file of files) {
      const result = await decodePicture(canvas, file);
      state = { ...state, done: state.done + 1 };
      if (result.kind === 'unreadable') state = { ...state, unreadable: [...state.unreadable, file.name] };
      else if (result.kind === 'too-large') state = { ...state, tooLarge: [...state.tooLarge, file.name] };
      else if (result.texts.length === 0) state = { ...state, without: state.without + 1 };
      else {
        for (const text of result.texts) await onCode(text);
        state = { ...state, codes: state.codes + result.texts.length };
      }
      setFound(state);
    }
  };

  const onDrop = (event: DragEvent): void => {
    setIsOver(false);
    const files = [...event.dataTransfer.files].filter(isPicture);
    // An envelope that is dropped here goes the way of every dropped file.
    if (files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    void read(files);
  };

  const count = (n: number): string => formatCount(n, locale);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop on; the button beside does the same by keyboard
    <div
      className={styles.drop}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={onDrop}
    >
      <IconPhoto size={26} stroke={1.5} aria-hidden />
      <div className={styles.quiet}>{r.dropPictures}</div>
      <FileButton
        multiple
        accept="image/*"
        onChange={(files) => void read(files)}
        inputProps={{ 'aria-label': r.choosePictures }}
      >
        {(props) => (
          <Button {...props} variant="default" disabled={isDisabled} loading={isReading}>
            {r.choosePictures}
          </Button>
        )}
      </FileButton>
      <div className={styles.quiet} role="status">
        {found === null
          ? null
          : isReading
            ? r.readingPictures(found.done, found.all)
            : found.codes > 0
              ? r.picturesDone(count(found.codes), count(found.all))
              : null}
      </div>
      {found === null || isReading ? null : (
        <>
          {found.without > 0 ? <Notice tone="warn">{r.noCode(count(found.without))}</Notice> : null}
          {found.unreadable.length > 0 ? (
            <Notice tone="warn">{r.badPicture(found.unreadable.join(', '))}</Notice>
          ) : null}
          {found.tooLarge.length > 0 ? (
            <Notice tone="warn">{r.tooLarge(found.tooLarge.join(', '))}</Notice>
          ) : null}
        </>
      )}
    </div>
  );
};
