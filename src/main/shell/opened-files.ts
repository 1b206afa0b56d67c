import { app } from 'electron';
import { findOpenedPath, readOpenedPath } from './opened-path';

/**
 * Files that this app was asked to open: at its start, by a second start, by the Finder. They wait until somebody takes
 * them with `deliver`; what comes later goes there at once.
 */
export const watchOpenedFiles = (): { readonly deliver: (take: (file: string) => void) => void } => {
  const waiting: string[] = [];
  let take = (file: string): void => void waiting.push(file);
  const offer = (file: string | null): void => {
    if (file !== null) take(file);
  };
  offer(findOpenedPath(process.argv, process.cwd()));
  app.on('second-instance', (_event, argv, workingDirectory) =>
    offer(findOpenedPath(argv, workingDirectory)),
  );
  app.on('open-file', (event, file) => {
    event.preventDefault();
    offer(readOpenedPath(file, '/'));
  });
  return {
    deliver: (receiver) => {
      take = receiver;
      for (const file of waiting.splice(0)) receiver(file);
    },
  };
};
