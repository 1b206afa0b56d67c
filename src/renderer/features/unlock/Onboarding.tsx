import { IconFileImport, IconKey, IconPlus, IconRestore } from '@tabler/icons-react';
import { useState } from 'react';
import { unlock } from '../../../../assets/locales/en/unlock';
import { CreateFlow } from './CreateFlow';
import { StepHead } from './Frame';
import { ImportFlow } from './ImportFlow';
import { MachineChoice, type Mode } from './MachineChoice';
import { RestoreFlow } from './RestoreFlow';
import styles from './unlock.module.css';

type Way = 'create' | 'restore' | 'key' | 'keystore';

const WAYS = [
  { way: 'create', icon: IconPlus },
  { way: 'restore', icon: IconRestore },
  { way: 'key', icon: IconKey },
  { way: 'keystore', icon: IconFileImport },
] as const;

export const Onboarding = () => {
  const [mode, setMode] = useState<Mode>('online');
  const [way, setWay] = useState<Way | null>(null);
  const back = (): void => setWay(null);
  if (way === 'create') return <CreateFlow mode={mode} onBack={back} />;
  if (way === 'restore') return <RestoreFlow mode={mode} onBack={back} />;
  if (way !== null) return <ImportFlow kind={way} mode={mode} onBack={back} />;
  return (
    <div className={styles.first}>
      <StepHead title={unlock.welcome} text={unlock.welcomeText} />
      <MachineChoice mode={mode} onChange={setMode} />
      <section className={styles.part} aria-labelledby="ways">
        <h2 className={styles.partTitle} id="ways">
          {unlock.waysTitle}
        </h2>
        <p className={styles.hint}>{unlock.waysText[mode]}</p>
        <div className={styles.choices}>
          {WAYS.map(({ way: each, icon: Icon }) => (
            <button key={each} type="button" className={styles.choice} onClick={() => setWay(each)}>
              <Icon size={20} stroke={1.7} aria-hidden />
              <span>
                <span className={styles.choiceTitle}>{unlock.choices[each].title}</span>
                <br />
                <span className={styles.choiceText}>{unlock.choices[each].text}</span>
              </span>
            </button>
          ))}
        </div>
      </section>
    </div>
  );
};
