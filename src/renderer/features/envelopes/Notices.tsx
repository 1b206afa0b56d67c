import { Button } from '@mantine/core';
import { envelopes as words } from '../../../../assets/locales/en/envelopes';
import type { PolicyView } from '../../../shared/contract';
import { client } from '../../client';
import { ErrorState, formatCount, Notice, navigate, useAction, useLocale, useQuery } from '../../ui';
import { takeIn, useIntake } from './intake/store';

/** A policy that this person may sign and has not. */
const PolicyTask = ({ policy }: { readonly policy: PolicyView }) => {
  const reviewing = useAction(() => client['people.reviewPolicy']({ digest: policy.digest }));
  const given = policy.approvals.filter(({ counts }) => counts).length;
  return (
    <>
      {reviewing.error ? <ErrorState error={reviewing.error} /> : null}
      <Notice
        tone="info"
        title={words.policyWaits(policy.content.number)}
        action={
          <Button
            size="xs"
            variant="default"
            loading={reviewing.isRunning}
            onClick={() => void reviewing.run()}
          >
            {words.reviewPolicy}
          </Button>
        }
      >
        {words.policyWaitsText(policy.content.company.name, given, policy.needed)}
      </Notice>
    </>
  );
};

/** Files that were opened with the app and that nobody has taken in. */
const OpenedFiles = () => {
  const locale = useLocale();
  const known = useIntake((state) => state.files);
  const opened = useQuery(() => client['workspace.openedFiles']({}), {
    key: 'opened files',
    topics: ['opened-files'],
  });
  const files = (opened.data?.files ?? []).filter(
    ({ fileId }) => !known.some((file) => file.fileId === fileId),
  );
  if (files.length === 0) return null;
  return (
    <Notice tone="info" title={words.openedFiles(formatCount(files.length, locale))}>
      {words.openedFilesText}
      {files.map(({ fileId, name }) => (
        <div key={fileId}>
          <Button
            mt={6}
            size="xs"
            variant="default"
            onClick={() => {
              takeIn(fileId, name);
              navigate('inbox', { view: 'file', id: fileId, params: { name } });
            }}
          >
            {words.takeIn} {name}
          </Button>
        </div>
      ))}
    </Notice>
  );
};

/** What stands above the list of envelopes: a missing policy, one that waits, opened files. */
export const Notices = () => {
  const policies = useQuery(() => client['people.policies']({}), { key: 'policies', topics: ['people'] });
  const waiting = (policies.data?.drafts ?? []).filter(({ waitsForMe }) => waitsForMe);
  const isMissing = policies.data !== undefined && policies.data.inForce === null;
  return (
    <>
      <OpenedFiles />
      {waiting.map((policy) => (
        <PolicyTask key={policy.digest} policy={policy} />
      ))}
      {isMissing && waiting.length === 0 ? (
        <Notice
          tone="warn"
          title={words.noPolicy}
          action={
            <Button size="xs" variant="default" onClick={() => navigate('settings', { view: 'people' })}>
              {words.openPeople}
            </Button>
          }
        >
          {words.noPolicyText}
        </Notice>
      ) : null}
    </>
  );
};
