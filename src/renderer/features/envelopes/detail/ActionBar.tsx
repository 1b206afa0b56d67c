import { Button, Menu } from '@mantine/core';
import {
  IconChecklist,
  IconDeviceFloppy,
  IconDots,
  IconFileArrowRight,
  IconMessageReport,
  IconQrcode,
  IconRefresh,
  IconSend,
  IconSignature,
  IconSpeakerphone,
  IconX,
} from '@tabler/icons-react';
import { envelopes as words } from '../../../../../assets/locales/en/envelopes';
import type { EnvelopeSummary } from '../../../../shared/contract';
import { navigate, useIsOffline, useLocale } from '../../../ui';
import { describeEnvelope, taskOf } from '../describe';
import type { EnvelopeActions } from './actions';
import styles from './detail.module.css';

const d = words.detail;
export type Asked = 'send' | 'withdraw' | 'renew' | null;

type BarProps = {
  readonly summary: EnvelopeSummary;
  readonly actions: EnvelopeActions;
  readonly onAsk: (asked: Asked) => void;
};

/** The one thing to do next; `null` when the next step is to carry it on. */
const Primary = ({ summary, actions, onAsk }: BarProps) => {
  const locale = useLocale();
  const isOffline = useIsOffline();
  const what = describeEnvelope(summary, locale);
  switch (taskOf(summary.abilities)) {
    case 'approve':
      return (
        <Button
          leftSection={<IconChecklist size={16} aria-hidden />}
          loading={actions.reviewing.isRunning}
          title={d.review}
          onClick={() => void actions.reviewing.run('approve')}
        >
          {d.approve(what)}
        </Button>
      );
    case 'sign':
      return (
        <Button
          leftSection={<IconSignature size={16} aria-hidden />}
          loading={actions.reviewing.isRunning}
          title={d.review}
          onClick={() => void actions.reviewing.run('sign')}
        >
          {d.sign(what)}
        </Button>
      );
    case 'send':
      return (
        <Button
          leftSection={<IconSend size={16} aria-hidden />}
          disabled={isOffline}
          onClick={() => onAsk('send')}
        >
          {d.send(what)}
        </Button>
      );
    case 'renew':
      return (
        <Button
          leftSection={<IconRefresh size={16} aria-hidden />}
          disabled={isOffline}
          onClick={() => onAsk('renew')}
        >
          {d.renew}
        </Button>
      );
    default:
      return null;
  }
};

export const ActionBar = (props: BarProps) => {
  const { summary, actions, onAsk } = props;
  const { abilities, digest, batchId, state } = summary;
  const hasTask = taskOf(abilities) !== null;
  const hasBeenSent = state === 'sent' || state === 'settled';
  return (
    <>
      <Menu position="bottom-end" width={280} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button variant="default" rightSection={<IconDots size={16} aria-hidden />}>
            {d.more}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconQrcode size={15} aria-hidden />}
            onClick={() => navigate('inbox', { view: 'show', id: digest, params: { format: 'envelope' } })}
          >
            {d.showQr}
          </Menu.Item>
          {abilities.includes('compare') ? (
            <Menu.Item
              leftSection={<IconSpeakerphone size={15} aria-hidden />}
              onClick={() => void actions.reviewing.run('compare')}
            >
              {d.compare}
            </Menu.Item>
          ) : null}
          {abilities.includes('reject') && !abilities.includes('approve') ? (
            <Menu.Item
              leftSection={<IconX size={15} aria-hidden />}
              onClick={() => void actions.reviewing.run('approve')}
            >
              {d.rejectAfter}
            </Menu.Item>
          ) : null}
          <Menu.Item
            leftSection={<IconRefresh size={15} aria-hidden />}
            onClick={() => void actions.checking.run()}
          >
            {d.check}
          </Menu.Item>
          {hasBeenSent && batchId !== null ? (
            <Menu.Item
              leftSection={<IconMessageReport size={15} aria-hidden />}
              title={d.reportHint}
              onClick={() => void actions.reporting.run()}
            >
              {d.report}
            </Menu.Item>
          ) : null}
          {batchId === null ? null : (
            <Menu.Item
              leftSection={<IconFileArrowRight size={15} aria-hidden />}
              onClick={() => navigate('payments', { view: 'batch', id: batchId })}
            >
              {d.openBatch}
            </Menu.Item>
          )}
          {abilities.includes('withdraw') ? (
            <>
              <Menu.Divider />
              <Menu.Item
                className={styles.danger}
                leftSection={<IconX size={15} aria-hidden />}
                onClick={() => onAsk('withdraw')}
              >
                {d.withdraw}
              </Menu.Item>
            </>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <Button
        variant={hasTask || summary.isExported ? 'default' : 'filled'}
        leftSection={<IconDeviceFloppy size={16} aria-hidden />}
        loading={actions.saving.isRunning}
        onClick={() => void actions.saving.run()}
      >
        {d.saveFile}
      </Button>
      <Primary {...props} />
    </>
  );
};
