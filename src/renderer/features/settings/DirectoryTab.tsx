import { Button } from '@mantine/core';
import { IconDownload, IconFileUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { settings } from '../../../../assets/locales/en/settings';
import { unlock } from '../../../../assets/locales/en/unlock';
import { client } from '../../client';
import { ErrorState, markStale, Notice, Section, showToast, useAction, useSession } from '../../ui';
import styles from './settings.module.css';

const t = settings.directory;
type Imported = Awaited<ReturnType<(typeof client)['directory.importFile']>>;

export const DirectoryTab = () => {
  const hasSandbox = useSession((state) => state.snapshot?.sandboxAvailable ?? false);
  const [imported, setImported] = useState<Imported | null>(null);
  const read = useAction(async () => {
    const { file } = await client['files.choose']({ purpose: 'directory' });
    if (file === null) return;
    setImported(null);
    setImported(await client['directory.importFile']({ fileId: file.fileId }));
    markStale('directory');
  });
  const save = useAction(async () => {
    const { saved } = await client['directory.exportFile']({});
    if (saved !== null) showToast('success', t.exported, saved);
  });
  const sandbox = useAction(async () => {
    const added = await client['app.addSandbox']({});
    showToast(
      'success',
      t.sandboxAdded,
      unlock.sandboxCounts(added.tokens, added.counterparties, added.accounts),
    );
    markStale('directory', 'ledger');
  });
  return (
    <div className={styles.scroll}>
      <Section title={t.title} description={t.text}>
        <div className={styles.form}>
          <div className={styles.two}>{t.importText}</div>
          <div className={styles.chips}>
            <Button
              leftSection={<IconFileUpload size={16} aria-hidden />}
              onClick={() => void read.run()}
              loading={read.isRunning}
            >
              {t.import}
            </Button>
            <Button
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              onClick={() => void save.run()}
              loading={save.isRunning}
            >
              {t.export}
            </Button>
          </div>
          {read.error ? <ErrorState error={read.error} /> : null}
          {save.error ? <ErrorState error={save.error} /> : null}
          {imported === null ? null : (
            <>
              <Notice tone="good" title={t.result}>
                {t.counts(imported.networks, imported.tokens, imported.accounts, imported.counterparties)}
              </Notice>
              {imported.skipped.length === 0 ? null : (
                <table className={styles.table}>
                  <caption className="visually-hidden">{t.skipped}</caption>
                  <thead>
                    <tr>
                      <th scope="col">{t.what}</th>
                      <th scope="col">{t.why}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {imported.skipped.map(({ what, why }) => (
                      <tr key={`${what} ${why}`}>
                        <td>{what}</td>
                        <td>{why}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              )}
            </>
          )}
        </div>
      </Section>
      {hasSandbox ? (
        <Section
          title={t.sandbox}
          description={t.sandboxText}
          actions={
            <Button variant="default" onClick={() => void sandbox.run()} loading={sandbox.isRunning}>
              {t.addSandbox}
            </Button>
          }
        >
          {sandbox.error ? <ErrorState error={sandbox.error} /> : null}
        </Section>
      ) : null}
    </div>
  );
};
