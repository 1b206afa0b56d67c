import { SegmentedControl } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { envelopes as words } from '../../../../../assets/locales/en/envelopes';
import type { EnvelopeDetail, EnvelopeLineView } from '../../../../shared/contract';
import { AppError } from '../../../../shared/errors';
import { Hash32 } from '../../../../shared/model/ids';
import { client } from '../../../client';
import {
  ErrorState,
  formatCount,
  LoadingState,
  navigate,
  Page,
  ProgressPanel,
  Time,
  useLocale,
  useProgress,
  useQuery,
} from '../../../ui';
import { nameOfEnvelope } from '../describe';
import { StateBadge } from '../StateBadge';
import { ActionBar, type Asked } from './ActionBar';
import { useEnvelopeActions } from './actions';
import { Decisions } from './Decisions';
import styles from './detail.module.css';
import { Facts } from './Facts';
import { Findings } from './Findings';
import { LinePanel, Lines } from './Lines';
import { Remark, Summary } from './Summary';
import { Timeline } from './Timeline';

const d = words.detail;
/** An address of the page that no envelope has. */
const UNKNOWN = new AppError('envelope/unknown');
type Tab = 'lines' | 'checks' | 'facts';

const BackLink = () => (
  <button type="button" className="n-link" onClick={() => navigate('inbox')}>
    {d.back}
  </button>
);

/** Work on this envelope that is under way. */
const Work = ({ digest }: { readonly digest: Hash32 }) => {
  const tasks = [
    { progress: useProgress('envelope-check', digest), title: d.checking },
    { progress: useProgress('approval-build', digest), title: words.reviewBuilding },
    { progress: useProgress('send', digest), title: words.sending },
  ];
  return (
    <>
      {tasks.map(({ progress, title }) =>
        progress === undefined || progress.isFinished ? null : (
          <ProgressPanel
            key={title}
            title={title}
            done={progress.done}
            total={progress.total}
            startedAt={progress.startedAt}
          />
        ),
      )}
    </>
  );
};

type BodyProps = { readonly detail: EnvelopeDetail };

const Body = ({ detail }: BodyProps) => {
  const { summary, findings } = detail;
  const { digest } = summary;
  const locale = useLocale();
  const actions = useEnvelopeActions(summary);
  const [asked, setAsked] = useState<Asked>(null);
  const [tab, setTab] = useState<Tab>('lines');
  const [search, setSearch] = useState('');
  const [line, setLine] = useState<EnvelopeLineView | null>(null);
  const [jumpTo, setJumpTo] = useState<{ readonly index: number } | null>(null);

  // Who is asked for a yes sees this machine's own checks without asking for them.
  const { run: check } = actions.checking;
  const hasAsked = useRef(false);
  const isUnchecked = findings === null && summary.waitsForMe;
  useEffect(() => {
    if (!isUnchecked || hasAsked.current) return;
    hasAsked.current = true;
    void check();
  }, [isUnchecked, check]);

  const { reviewing, saving, checking, reporting } = actions;
  const failed = [reviewing, saving, checking, reporting].find(({ error }) => error);
  const open = (findings ?? []).filter(({ verdict }) => verdict !== 'passed').length;
  const showLine = (index: number): void => {
    setSearch('');
    setTab('lines');
    setJumpTo({ index });
  };
  const content: Readonly<Record<Tab, () => ReactNode>> = {
    lines: () => (
      <Lines
        digest={digest}
        search={search}
        onSearch={setSearch}
        selected={line?.index ?? null}
        onOpen={setLine}
        jumpTo={jumpTo}
      />
    ),
    checks: () => (
      <Findings
        detail={detail}
        isChecking={checking.isRunning}
        onCheck={() => void checking.run()}
        onShowLine={showLine}
      />
    ),
    facts: () => <Facts detail={detail} />,
  };
  return (
    <Page
      above={<BackLink />}
      title={nameOfEnvelope(summary)}
      subtitle={
        <span className={styles.subline}>
          <StateBadge state={summary.state} />
          <span>
            {words.payments(formatCount(summary.count, locale))} · {d.madeBy} <bdi>{summary.maker.name}</bdi>{' '}
            <Time instant={summary.createdAt} />
          </span>
        </span>
      }
      layout="fill"
      actions={<ActionBar summary={summary} actions={actions} onAsk={setAsked} />}
    >
      {failed ? <ErrorState error={failed.error} /> : null}
      <Work digest={digest} />
      <Remark detail={detail} onShowChecks={() => setTab('checks')} />
      <Summary summary={summary} />
      <div className={styles.columns}>
        <div className={styles.main}>
          <SegmentedControl
            className={styles.tabs}
            aria-label={d.show}
            value={tab}
            onChange={(next) => {
              setTab(next as Tab);
              setLine(null);
            }}
            data={(['lines', 'checks', 'facts'] as const).map((value) => ({
              value,
              label:
                value === 'checks' && open > 0
                  ? `${d.tabs.checks} (${formatCount(open, locale)})`
                  : d.tabs[value],
            }))}
          />
          {content[tab]()}
        </div>
        {line === null ? (
          <Timeline detail={detail} />
        ) : (
          <LinePanel line={line} onClose={() => setLine(null)} />
        )}
      </div>
      <Decisions summary={summary} actions={actions} asked={asked} onClose={() => setAsked(null)} />
    </Page>
  );
};

/** One envelope: its totals, its way through the roles, what this machine found, its payments. */
export const EnvelopeScreen = ({ digest: given }: { readonly digest: string }) => {
  const parsed = Hash32.safeParse(given);
  const digest = parsed.success ? parsed.data : null;
  const found = useQuery(() => client['envelopes.get']({ digest: given as Hash32 }), {
    key: given,
    topics: ['envelopes', 'people'],
    isEnabled: digest !== null,
  });
  if (found.data === undefined)
    return (
      <Page above={<BackLink />} title={words.columns.name}>
        {digest === null ? (
          <ErrorState error={UNKNOWN} layout="page" />
        ) : found.error ? (
          <ErrorState error={found.error} layout="page" onRetry={found.reload} />
        ) : (
          <LoadingState text={d.opening} />
        )}
      </Page>
    );
  return <Body detail={found.data} />;
};
