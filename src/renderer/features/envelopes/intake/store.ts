import { create } from 'zustand';
import type { EnvelopeAct, Intake } from '../../../../shared/contract';
import type { FileId, Hash32 } from '../../../../shared/model/ids';
import { client } from '../../../client';
import { useSession } from '../../../ui';
import { identityOfAct } from '../describe';

/** What taking something in came to, and which acts of an envelope it brought. */
export type Taken = { readonly intake: Intake; readonly added: readonly EnvelopeAct[] };

export type IntakeFile = {
  readonly fileId: FileId;
  readonly name: string;
  readonly startedAt: string;
  readonly step:
    | { readonly kind: 'reading' }
    | { readonly kind: 'failed'; readonly error: unknown }
    | { readonly kind: 'taken'; readonly taken: Taken };
};

/** Files on their way in, beside the screens, so that one may look elsewhere meanwhile. */
export const useIntake = create<{ readonly files: readonly IntakeFile[] }>(() => ({ files: [] }));

// SECURITY: a locked app keeps nothing of a file.
useSession.subscribe(({ snapshot }) => {
  if (snapshot?.lock !== 'unlocked' && useIntake.getState().files.length > 0)
    useIntake.setState({ files: [] });
});

const MOST_KEPT = 20;

const patch = (fileId: FileId, step: IntakeFile['step']): void =>
  useIntake.setState(({ files }) => ({
    files: files.map((file) => (file.fileId === fileId ? { ...file, step } : file)),
  }));

/** Which acts are known before something is taken in, by digest. */
export const readActs = async (): Promise<ReadonlyMap<Hash32, ReadonlySet<string>>> => {
  const { envelopes } = await client['envelopes.list']({ filter: 'all', search: '', offset: 0, limit: 200 });
  return new Map(envelopes.map(({ digest, acts }) => [digest, new Set(acts.map(identityOfAct))]));
};

/** Says what is new; for what this page does not know better, nothing. */
export const compareActs = async (
  intake: Intake,
  before: ReadonlyMap<Hash32, ReadonlySet<string>>,
): Promise<Taken> => {
  if (intake.format !== 'envelope' || intake.outcome !== 'merged') return { intake, added: [] };
  const known = before.get(intake.digest);
  if (known === undefined) return { intake, added: [] };
  const { summary } = await client['envelopes.get']({ digest: intake.digest });
  return { intake, added: summary.acts.filter((act) => !known.has(identityOfAct(act))) };
};

const readFile = async (fileId: FileId): Promise<void> => {
  try {
    const before = await readActs();
    const intake = await client['envelopes.importFile']({ fileId });
    patch(fileId, { kind: 'taken', taken: await compareActs(intake, before) });
  } catch (error) {
    patch(fileId, { kind: 'failed', error });
  }
};

/** Takes a file in, once: asked again for the same file, nothing happens. */
export const takeIn = (fileId: FileId, name: string): void => {
  const { files } = useIntake.getState();
  if (files.some((file) => file.fileId === fileId)) return;
  const file: IntakeFile = {
    fileId,
    name,
    startedAt: new Date().toISOString(),
    step: { kind: 'reading' },
  };
  useIntake.setState({ files: [...files.slice(1 - MOST_KEPT), file] });
  void readFile(fileId);
};
