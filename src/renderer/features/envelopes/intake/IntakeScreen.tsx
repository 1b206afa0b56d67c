import { Button } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useEffect } from 'react';
import { envelopes as words } from '../../../../../assets/locales/en/envelopes';
import { FileId } from '../../../../shared/model/ids';
import {
  EmptyState,
  ErrorState,
  LoadingState,
  navigate,
  Page,
  ProgressPanel,
  replaceRoute,
  Section,
  showToast,
  useAction,
  useProgress,
  useRoute,
} from '../../../ui';
import { chooseExchangeFile } from './choose';
import { describeTaken, IntakeResult } from './IntakeResult';
import { type IntakeFile, takeIn, useIntake } from './store';

const i = words.intake;

const Reading = ({ file }: { readonly file: IntakeFile }) => {
  const progress = useProgress('envelope-open');
  const isOwn = progress !== undefined && !progress.isFinished && progress.startedAt >= file.startedAt;
  return (
    <ProgressPanel
      title={i.reading}
      done={isOwn ? progress.done : 0}
      total={isOwn ? progress.total : 0}
      startedAt={file.startedAt}
    />
  );
};

const FileStep = ({ file }: { readonly file: IntakeFile }) => {
  switch (file.step.kind) {
    case 'reading':
      return <Reading file={file} />;
    case 'failed':
      return <ErrorState error={file.step.error} />;
    case 'taken':
      return <IntakeResult taken={file.step.taken} />;
  }
};

/** Files that come in: chosen, dropped or opened. One that is right leads to its envelope at once. */
export const IntakeScreen = () => {
  const { id, params } = useRoute();
  const files = useIntake((state) => state.files);
  const choosing = useAction(chooseExchangeFile);
  const asked = FileId.safeParse(id);
  const fileId = asked.success ? asked.data : null;
  const name = params['name'] ?? '';
  useEffect(() => {
    if (fileId !== null) takeIn(fileId, name);
  }, [fileId, name]);
  const current = files.find((file) => file.fileId === fileId);
  const taken = current?.step.kind === 'taken' ? current.step.taken : null;
  useEffect(() => {
    if (taken === null || taken.intake.format !== 'envelope') return;
    const { title, text } = describeTaken(taken);
    showToast(taken.intake.outcome === 'unchanged' ? 'info' : 'success', title, text);
    replaceRoute('inbox', { view: 'envelope', id: taken.intake.digest });
  }, [taken]);
  const another = (
    <Button
      leftSection={<IconFileImport size={16} aria-hidden />}
      loading={choosing.isRunning}
      onClick={() => void choosing.run()}
    >
      {i.another}
    </Button>
  );
  return (
    <Page
      above={
        <button type="button" className="n-link" onClick={() => navigate('inbox')}>
          {i.back}
        </button>
      }
      title={name === '' ? i.title : `${i.title}: ${name}`}
      width="narrow"
      actions={current?.step.kind === 'reading' ? undefined : another}
    >
      {choosing.error ? <ErrorState error={choosing.error} /> : null}
      {fileId === null ? (
        <EmptyState icon={IconFileImport} title={i.gone} text={i.goneText} action={another} />
      ) : current === undefined ? (
        <LoadingState />
      ) : (
        <Section
          title={current.step.kind === 'failed' ? i.failed : current.name}
          description={current.step.kind === 'reading' ? i.readingText : undefined}
        >
          <FileStep file={current} />
        </Section>
      )}
    </Page>
  );
};
