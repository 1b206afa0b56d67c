import { create } from 'zustand';
import type { MainClient } from '../../../../shared/contract';
import { AppError } from '../../../../shared/errors';
import type { FileId } from '../../../../shared/model/ids';
import type { CsvMapping, ImportReport } from '../../../../shared/model/payments';
import { client } from '../../../client';
import { useSession } from '../../../ui';

export type CsvFacts = NonNullable<Awaited<ReturnType<MainClient['payments.inspectFile']>>['csv']>;
export type ImportLine = Awaited<ReturnType<MainClient['payments.importLines']>>['lines'][number];

/** Where the import of one file stands. It lives beside the screens, so that one may look elsewhere meanwhile. */
export type ImportSession = {
  readonly fileId: FileId;
  readonly fileName: string;
  readonly step:
    | { readonly kind: 'inspecting' }
    | { readonly kind: 'mapping'; readonly csv: CsvFacts }
    | { readonly kind: 'checking'; readonly startedAt: string; readonly isCancelling: boolean }
    | { readonly kind: 'cancelled' }
    | { readonly kind: 'failed'; readonly error: unknown }
    | { readonly kind: 'report'; readonly report: ImportReport };
  /** As confirmed, for a second check. `null` for pain.001. */
  readonly mapping: CsvMapping | null;
  readonly csv: CsvFacts | null;
  /** Payment indexes that are left out by name. */
  readonly dropped: ReadonlySet<number>;
  /** Keys of {@link holdKey}. */
  readonly released: ReadonlySet<string>;
};

export const useImport = create<{ readonly session: ImportSession | null }>(() => ({ session: null }));

export const holdKey = (hold: { readonly kind: string; readonly paymentIndex: number | null }): string =>
  `${hold.kind}/${hold.paymentIndex}`;

const patch = (fileId: FileId, change: Partial<ImportSession>): void =>
  useImport.setState(({ session }) =>
    session?.fileId === fileId ? { session: { ...session, ...change } } : { session },
  );

// SECURITY: a locked app keeps nothing of a file.
useSession.subscribe(({ snapshot }) => {
  if (snapshot?.lock !== 'unlocked' && useImport.getState().session !== null) {
    useImport.setState({ session: null });
  }
});

/** Reads and checks the file with this mapping. */
export const checkFile = async (
  fileId: FileId,
  mapping: CsvMapping | null,
  saveMappingAs: string | null,
): Promise<void> => {
  patch(fileId, {
    mapping,
    dropped: new Set(),
    released: new Set(),
    step: { kind: 'checking', startedAt: new Date().toISOString(), isCancelling: false },
  });
  try {
    const report = await client['payments.importFile']({ fileId, mapping, saveMappingAs });
    patch(fileId, { step: { kind: 'report', report } });
  } catch (error) {
    const isCancelled = error instanceof AppError && error.code === 'cancelled';
    patch(fileId, { step: isCancelled ? { kind: 'cancelled' } : { kind: 'failed', error } });
  }
};

/** Begins with a chosen file: CSV asks how it is to be read, anything else is checked at once. */
export const openFile = async (fileId: FileId, fileName: string): Promise<void> => {
  const known = useImport.getState().session;
  if (known?.fileId === fileId) return;
  if (known?.step.kind === 'report') discard(known.step.report.importId);
  if (known?.step.kind === 'checking') await client['payments.cancelImport']({}).catch(() => undefined);
  useImport.setState({
    session: {
      fileId,
      fileName,
      step: { kind: 'inspecting' },
      mapping: null,
      csv: null,
      dropped: new Set(),
      released: new Set(),
    },
  });
  try {
    const facts = await client['payments.inspectFile']({ fileId });
    if (facts.csv !== null) patch(fileId, { csv: facts.csv, step: { kind: 'mapping', csv: facts.csv } });
    else await checkFile(fileId, null, null);
  } catch (error) {
    patch(fileId, { step: { kind: 'failed', error } });
  }
};

export const cancelCheck = (session: ImportSession): void => {
  if (session.step.kind !== 'checking') return;
  patch(session.fileId, { step: { ...session.step, isCancelling: true } });
  client['payments.cancelImport']({}).catch(() => undefined);
};

/** Back to the question how the file is to be read. */
export const changeMapping = (session: ImportSession): void => {
  if (session.csv === null) return;
  if (session.step.kind === 'report') discard(session.step.report.importId);
  patch(session.fileId, { step: { kind: 'mapping', csv: session.csv } });
};

const discard = (importId: ImportReport['importId']): void => {
  // What is left behind is removed at the next start too.
  client['payments.discardImport']({ importId }).catch(() => undefined);
};

export const endSession = (options: { readonly isCreated: boolean }): void => {
  const { session } = useImport.getState();
  if (session?.step.kind === 'report' && !options.isCreated) discard(session.step.report.importId);
  useImport.setState({ session: null });
};

export const setDropped = (session: ImportSession, dropped: ReadonlySet<number>): void =>
  patch(session.fileId, { dropped });

export const setReleased = (session: ImportSession, released: ReadonlySet<string>): void =>
  patch(session.fileId, { released });
