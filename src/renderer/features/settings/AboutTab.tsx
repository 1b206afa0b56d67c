import { Button } from '@mantine/core';
import { settings } from '../../../../assets/locales/en/settings';
import { client } from '../../client';
import { ErrorState, KeyValue, Notice, Section, useAction, useSession } from '../../ui';
import styles from './settings.module.css';

const t = settings.about;

export const AboutTab = () => {
  const snapshot = useSession((state) => state.snapshot);
  const help = useAction(async (topic: 'readme' | 'security' | 'licence') =>
    client['app.openHelp']({ topic }),
  );
  if (snapshot === null) return null;
  return (
    <div className={styles.scroll}>
      <Section title={t.product} description={t.claim}>
        <div className={styles.form}>
          {snapshot.isTestRuntime ? <Notice tone="warn">{t.testRuntime}</Notice> : null}
          <KeyValue
            facts={[
              { label: t.version, value: snapshot.productVersion },
              { label: t.runtime, value: snapshot.runtime },
              { label: t.store, value: snapshot.isStoreAuthenticated ? t.storeOk : t.storeWeak },
              { label: t.licence, value: t.licenceName },
            ]}
          />
          <div className={styles.chips}>
            <Button variant="default" onClick={() => void help.run('readme')}>
              {t.readme}
            </Button>
            <Button variant="default" onClick={() => void help.run('security')}>
              {t.security}
            </Button>
            <Button variant="default" onClick={() => void help.run('licence')}>
              {t.showLicence}
            </Button>
          </div>
          {help.error ? <ErrorState error={help.error} /> : null}
        </div>
      </Section>
    </div>
  );
};
