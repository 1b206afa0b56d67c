import { IconShieldLock, IconWorld } from '@tabler/icons-react';
import { unlock } from '../../../../assets/locales/en/unlock';
import type { AppSnapshot } from '../../../shared/contract';
import styles from './unlock.module.css';

export type Mode = AppSnapshot['mode'];

const MACHINES = [
  { mode: 'online', icon: IconWorld },
  { mode: 'offline', icon: IconShieldLock },
] as const;

export type MachineChoiceProps = { readonly mode: Mode; readonly onChange: (mode: Mode) => void };

/** What the machine is for, with what follows from it. The vault keeps the answer. */
export const MachineChoice = ({ mode, onChange }: MachineChoiceProps) => (
  <fieldset className={styles.machines}>
    <legend className={styles.partTitle}>{unlock.machineTitle}</legend>
    <div className={styles.machineCards}>
      {MACHINES.map(({ mode: each, icon: Icon }) => (
        <label key={each} className={styles.machine} data-checked={mode === each || undefined}>
          <span className={styles.machineHead}>
            <Icon size={20} stroke={1.7} aria-hidden />
            <span className={styles.choiceTitle}>{unlock.machines[each].title}</span>
            <input
              type="radio"
              name="machine"
              value={each}
              checked={mode === each}
              onChange={() => onChange(each)}
            />
          </span>
          <span className={styles.choiceText}>{unlock.machines[each].text}</span>
          <ul className={styles.consequences}>
            {unlock.machines[each].consequences.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </label>
      ))}
    </div>
  </fieldset>
);
