import { Button } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useEffect } from 'react';
import { payments as words } from '../../../../../assets/locales/en/payments';
import { FileId } from '../../../../shared/model/ids';
import {
  EmptyState,
  ErrorState,
  formatBytes,
  LoadingState,
  Notice,
  navigate,
  Page,
  ProgressPanel,
  replaceRoute,
  useAction,
  useLocale,
  useProgress,
  useRoute,
} from '../../../ui';
import { chooseFile } from '../choose-file';
import { MappingForm } from './MappingForm';
import { ReportView } from './ReportView';
import { cancelCheck, checkFile, endSession, type ImportSession, openFile, useImport } from './session';

const i = words.import;

const Checking = ({ session }: { readonly session: ImportSession }) => {
  const progress = useProgress('import');
  const { step } = session;
  if (step.kind !== 'checking') return null;
  const isOwn = progress !== undefined && !progress.isFinished && progress.startedAt >= step.startedAt;
  return (
    <>
      <ProgressPanel
        title={i.checking}
        unit="bytes"
        done={isOwn ? progress.done : 0}
        total={isOwn ? progress.total : 0}
        startedAt={step.startedAt}
        onCancel={() => cancelCheck(session)}
        isCancelling={step.isCancelling}
      />
      <p>{i.checkingText}</p>
    </>
  );
};

const StepView = ({ session }: { readonly session: ImportSession }) => {
  const { step, fileId, mapping } = session;
  const again = () => void checkFile(fileId, mapping, null);
  switch (step.kind) {
    case 'inspecting':
      return <LoadingState text={i.inspecting} />;
    case 'mapping':
      return <MappingForm session={session} csv={step.csv} />;
    case 'checking':
      return <Checking session={session} />;
    case 'cancelled':
      return (
        <Notice
          tone="info"
          title={i.cancelled}
          action={
            <Button size="xs" variant="default" onClick={again}>
              {i.again}
            </Button>
          }
        >
          {i.cancelledText}
        </Notice>
      );
    case 'failed':
      return <ErrorState error={step.error} onRetry={again} />;
    case 'report':
      return <ReportView session={session} report={step.report} />;
  }
};

/** One file on its way to become a batch. */
export const ImportScreen = () => {
  const { id, params } = useRoute();
  const session = useImport((state) => state.session);
  const locale = useLocale();
  const choosing = useAction(chooseFile);
  const size = Number(params['size'] ?? 0);
  useEffect(() => {
    const asked = FileId.safeParse(id);
    if (asked.success) void openFile(asked.data, params['name'] ?? '');
    else if (id === null) {
      const known = useImport.getState().session;
      if (known)
        replaceRoute('payments', { view: 'import', id: known.fileId, params: { name: known.fileName } });
    }
  }, [id, params]);
  const chooseButton = (
    <Button
      variant={session === null ? 'filled' : 'default'}
      leftSection={<IconFileImport size={16} aria-hidden />}
      loading={choosing.isRunning}
      onClick={() => void choosing.run()}
    >
      {session === null ? words.importFile : i.anotherFile}
    </Button>
  );
  const leave = (): void => {
    endSession({ isCreated: false });
    navigate('payments');
  };
  const isOpen = session !== null && session.fileId === id;
  return (
    <Page
      above={
        <button type="button" className="n-link" onClick={() => navigate('payments')}>
          {i.back}
        </button>
      }
      title={isOpen ? `${i.title}: ${session.fileName}` : i.title}
      subtitle={size > 0 ? formatBytes(size, locale) : undefined}
      layout={isOpen && session.step.kind === 'report' ? 'fill' : 'flow'}
      actions={
        isOpen && session.step.kind !== 'checking' ? (
          <>
            <Button variant="subtle" onClick={leave}>
              {i.discard}
            </Button>
            {chooseButton}
          </>
        ) : undefined
      }
    >
      {choosing.error ? <ErrorState error={choosing.error} /> : null}
      {isOpen ? (
        <StepView session={session} />
      ) : id === null ? (
        <EmptyState icon={IconFileImport} title={i.noFile} text={i.noFileText} action={chooseButton} />
      ) : (
        <LoadingState />
      )}
    </Page>
  );
};
