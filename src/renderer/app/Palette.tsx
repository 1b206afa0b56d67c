import { Modal } from '@mantine/core';
import { useEffect, useId, useMemo, useState } from 'react';
import { envelopes as envelopeWords } from '../../../assets/locales/en/envelopes';
import { shell } from '../../../assets/locales/en/shell';
import { client } from '../client';
import { isOfflineMachine, navigate, useQuery } from '../ui';
import { runShellAction, useOverlays } from './actions';
import styles from './Layout.module.css';
import { readRoutes } from './routes';

type Item = { readonly id: string; readonly text: string; readonly hint: string; readonly run: () => void };
type Group = { readonly title: string; readonly items: readonly Item[] };

const SHOWN_PER_KIND = 6;

const readStatic = (): readonly Group[] => [
  {
    title: shell.paletteGroups.screens,
    items: [
      ...readRoutes().map(({ screen, key }) => ({
        id: screen,
        text: shell.screens[screen],
        hint: `g ${key}`,
        run: () => navigate(screen),
      })),
      ...Object.entries(shell.paletteSettings).map(([view, text]) => ({
        id: `settings ${view}`,
        text,
        hint: '',
        run: () => navigate('settings', { view }),
      })),
    ],
  },
  {
    title: shell.paletteGroups.actions,
    items: Object.entries(isOfflineMachine() ? shell.paletteOfflineActions : shell.paletteActions).map(
      ([action, text]) => ({
        id: action,
        text,
        hint: '',
        run: () => runShellAction(action),
      }),
    ),
  },
];

const findParties = async (search: string): Promise<Group> => {
  const { counterparties } = await client['directory.counterparties']({
    search,
    offset: 0,
    limit: SHOWN_PER_KIND,
  });
  return {
    title: shell.paletteGroups.counterparties,
    items: counterparties.map((party) => ({
      id: party.id,
      text: party.name,
      hint: party.lei ?? '',
      run: () => navigate('counterparties', { id: party.id }),
    })),
  };
};

const findEnvelopes = async (search: string): Promise<Group> => {
  const found = await client['envelopes.list']({ filter: 'all', search, offset: 0, limit: SHOWN_PER_KIND });
  return {
    title: envelopeWords.palette,
    items: found.envelopes.map(({ digest, source, count, state }) => ({
      id: digest,
      text: source.messageId ?? source.fileName ?? envelopeWords.formSource,
      hint: `${count} · ${envelopeWords.states[state]}`,
      run: () => navigate('inbox', { view: 'envelope', id: digest }),
    })),
  };
};

const findContent = async (search: string): Promise<readonly Group[]> => {
  // An offline machine has no screens for batches and payments: it works with envelopes.
  if (isOfflineMachine()) return Promise.all([findEnvelopes(search), findParties(search)]);
  const page = { search, offset: 0, limit: SHOWN_PER_KIND };
  const [batches, payments, envelopes, parties] = await Promise.all([
    client['payments.batches'](page),
    client['payments.payments']({ ...page, batchId: null, status: null, stage: null, preflight: null }),
    findEnvelopes(search),
    findParties(search),
  ]);
  return [
    {
      title: shell.paletteGroups.batches,
      items: batches.batches.map((batch) => ({
        id: batch.id,
        text: batch.source.messageId ?? batch.source.fileName ?? batch.id,
        hint: `${batch.count} · ${batch.status}`,
        run: () => navigate('payments', { view: 'batch', id: batch.id }),
      })),
    },
    {
      title: shell.paletteGroups.payments,
      items: payments.payments.map((payment) => ({
        id: payment.id,
        text: `${payment.creditorName} · ${payment.endToEndId}`,
        hint: payment.status,
        run: () =>
          navigate('payments', { view: 'batch', id: payment.batchId, params: { payment: payment.id } }),
      })),
    },
    envelopes,
    parties,
  ];
};

const matches = (text: string, words: readonly string[]): boolean => {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
};

export const Palette = () => {
  const isOpen = useOverlays((state) => state.palette);
  const close = (): void => useOverlays.setState({ palette: false });
  return (
    <Modal.Root opened={isOpen} onClose={close} yOffset="12vh" size={600} centered={false}>
      <Modal.Overlay />
      <Modal.Content aria-label={shell.palette}>
        <Modal.Body p={0}>
          <PaletteBody onClose={close} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
};

const PaletteBody = ({ onClose }: { readonly onClose: () => void }) => {
  const listId = useId();
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  const [active, setActive] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 120);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useQuery(() => findContent(asked), {
    key: `palette ${asked}`,
    isEnabled: asked.length >= 2,
    keepPrevious: asked.length >= 2,
  });
  const groups = useMemo(() => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const fixed = readStatic().map((group) => ({
      ...group,
      items: group.items.filter((item) => matches(item.text, words)),
    }));
    return [...fixed, ...(text.trim().length >= 2 ? (found.data ?? []) : [])].filter(
      (group) => group.items.length > 0,
    );
  }, [text, found.data]);
  const items = groups.flatMap((group) => group.items);
  const current = Math.min(active, items.length - 1);
  const choose = (item: Item | undefined): void => {
    if (!item) return;
    onClose();
    item.run();
  };
  const move = (index: number): void => {
    setActive(index);
    document.getElementById(`${listId}-${index}`)?.scrollIntoView({ block: 'nearest' });
  };
  let index = -1;
  return (
    <div className={styles.palette}>
      <input
        className={styles.paletteInput}
        data-autofocus
        // biome-ignore lint/a11y/noAutofocus: keys typed right after the shortcut belong to the search
        autoFocus
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={items.length === 0 ? undefined : `${listId}-${current}`}
        aria-label={shell.palette}
        placeholder={shell.palettePlaceholder}
        value={text}
        maxLength={140}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') move(Math.min(items.length - 1, current + 1));
          else if (event.key === 'ArrowUp') move(Math.max(0, current - 1));
          else if (event.key === 'Enter') choose(items[current]);
          else return;
          event.preventDefault();
        }}
      />
      <div className={styles.paletteList} id={listId} role="listbox" aria-label={shell.palette} tabIndex={-1}>
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options
          <div key={group.title} role="group" aria-label={group.title}>
            <div className={styles.paletteGroup} aria-hidden>
              {group.title}
            </div>
            {group.items.map((item) => {
              index += 1;
              const own = index;
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: keys are taken by the input
                <div
                  key={item.id}
                  id={`${listId}-${own}`}
                  className={styles.paletteItem}
                  role="option"
                  aria-selected={own === current}
                  onClick={() => choose(item)}
                  onMouseMove={() => setActive(own)}
                >
                  <span>{item.text}</span>
                  <span className={styles.paletteHint}>{item.hint}</span>
                </div>
              );
            })}
          </div>
        ))}
        {items.length === 0 ? <div className={styles.paletteEmpty}>{shell.paletteEmpty}</div> : null}
      </div>
    </div>
  );
};
