import { IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { common } from '../../../assets/locales/en/common';
import styles from './SidePanel.module.css';

export type SidePanelProps = {
  readonly title: ReactNode;
  readonly subtitle?: ReactNode;
  readonly onClose: () => void;
  /** Stays in view at the foot. */
  readonly footer?: ReactNode;
  readonly width?: number;
  readonly children: ReactNode;
};

/** The detail of a row, beside its list. Escape closes it and the list has its focus back. */
export const SidePanel = ({ title, subtitle, onClose, footer, width = 400, children }: SidePanelProps) => {
  const id = useId();
  const panel = useRef<HTMLElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      // A dialog or a menu above the panel takes Escape first.
      const above = document.querySelectorAll('[role="dialog"], [role="menu"], [role="listbox"]');
      // Lists of closed fields stay in the page, hidden.
      if ([...above].some((element) => element.checkVisibility())) return;
      close.current();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      // The panel took its focus with it: back to where the person came from.
      if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <aside ref={panel} className={styles.panel} style={{ width }} aria-labelledby={id}>
      <div className={styles.header}>
        <div className={styles.heading}>
          <h2 className={styles.title} id={id}>
            {title}
          </h2>
          {subtitle === undefined ? null : <div className={styles.subtitle}>{subtitle}</div>}
        </div>
        <button type="button" className={styles.close} aria-label={common.close} onClick={onClose}>
          <IconX size={16} aria-hidden />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
      <div className={styles.body} tabIndex={0}>
        {children}
      </div>
      {footer === undefined ? null : <div className={styles.footer}>{footer}</div>}
    </aside>
  );
};
