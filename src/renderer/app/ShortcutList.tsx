import { Modal } from '@mantine/core';
import { common } from '../../../assets/locales/en/common';
import { shell } from '../../../assets/locales/en/shell';
import { Kbd, useIsOfflineMachine, useSession } from '../ui';
import { useOverlays } from './actions';
import styles from './Layout.module.css';
import { useRoutes } from './routes';

type Shortcut = { readonly words: string; readonly keys: readonly (readonly string[])[] };

export const ShortcutList = () => {
  const isOpen = useOverlays((state) => state.shortcuts);
  const command = useSession((state) => (state.snapshot?.platform === 'darwin' ? '⌘' : 'Ctrl'));
  const routes = useRoutes();
  const isOffline = useIsOfflineMachine();
  const words = shell.shortcutWords;
  const groups: readonly { readonly title: string; readonly shortcuts: readonly Shortcut[] }[] = [
    {
      title: shell.shortcutGroups.go,
      shortcuts: [
        ...routes.map(({ screen, key }, index) => ({
          words: shell.screens[screen],
          keys: [
            ['g', key],
            [command, String(index + 1)],
          ],
        })),
        { words: words.back, keys: [['Alt', '←']] },
        { words: words.forward, keys: [['Alt', '→']] },
      ],
    },
    {
      title: shell.shortcutGroups.act,
      shortcuts: [
        { words: words.palette, keys: [[command, 'K']] },
        { words: isOffline ? words['open-file'] : words['import-file'], keys: [[command, 'I']] },
        ...(isOffline ? [] : [{ words: words['new-payment'], keys: [[command, 'N']] }]),
        { words: words.find, keys: [['/']] },
        { words: words.lock, keys: [[command, 'L']] },
        { words: words.shortcuts, keys: [['?']] },
      ],
    },
    {
      title: shell.shortcutGroups.table,
      shortcuts: [
        { words: words.move, keys: [['↑'], ['↓']] },
        { words: words.ends, keys: [['Home'], ['End']] },
        { words: words.open, keys: [['Enter']] },
        { words: words.close, keys: [['Esc']] },
      ],
    },
  ];
  return (
    <Modal
      opened={isOpen}
      onClose={() => useOverlays.setState({ shortcuts: false })}
      title={shell.shortcuts}
      size="lg"
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <div className={styles.keys}>
        {groups.map(({ title, shortcuts }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {shortcuts.map((shortcut) => (
                <ShortcutRow key={shortcut.words} {...shortcut} />
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
};

const ShortcutRow = ({ words, keys }: Shortcut) => (
  <>
    <dt>{words}</dt>
    <dd>
      {keys.map((combination, index) => (
        <span key={combination.join(' ')}>
          {index > 0 ? ' / ' : ''}
          {combination.map((key) => (
            <span key={key}>
              <Kbd>{key}</Kbd>{' '}
            </span>
          ))}
        </span>
      ))}
    </dd>
  </>
);
