import { type ReactNode, useId } from 'react';
import styles from './Page.module.css';

export type PageProps = {
  readonly title: ReactNode;
  /** Under the title: as of, where it comes from, state. */
  readonly subtitle?: ReactNode;
  /** Right of the title; at most one primary button. */
  readonly actions?: ReactNode;
  /** Back link or breadcrumb above the title. */
  readonly above?: ReactNode;
  /** `fill`: the content takes the height that is left and scrolls inside (tables). `flow`: the page scrolls. */
  readonly layout?: 'flow' | 'fill';
  /** `narrow` for forms and reading. */
  readonly width?: 'full' | 'narrow';
  readonly children: ReactNode;
};

export const Page = ({
  title,
  subtitle,
  actions,
  above,
  layout = 'flow',
  width = 'full',
  children,
}: PageProps) => (
  <div className={styles.page} data-layout={layout} data-width={width}>
    <header className={styles.header}>
      <div className={styles.heading}>
        {above === undefined ? null : <div className={styles.above}>{above}</div>}
        <h1 className={styles.title}>{title}</h1>
        {subtitle === undefined ? null : <div className={styles.subtitle}>{subtitle}</div>}
      </div>
      {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
    </header>
    <div className={styles.content}>{children}</div>
  </div>
);

export type SectionProps = {
  readonly title?: ReactNode;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  /** Without the frame: for tables that bring their own. */
  readonly isBare?: boolean;
  readonly children: ReactNode;
};

export const Section = ({ title, description, actions, isBare = false, children }: SectionProps) => {
  const id = useId();
  return (
    <section
      className={styles.section}
      aria-labelledby={title === undefined ? undefined : id}
      data-bare={isBare || undefined}
    >
      {title === undefined && actions === undefined ? null : (
        <div className={styles.sectionHeader}>
          <div className={styles.heading}>
            <h2 className={styles.sectionTitle} id={id}>
              {title}
            </h2>
            {description === undefined ? null : <p className={styles.description}>{description}</p>}
          </div>
          {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
        </div>
      )}
      {children}
    </section>
  );
};

/** Filters and search above a table, in one row. */
export const Toolbar = ({ children }: { readonly children: ReactNode }) => (
  <div className={styles.toolbar}>{children}</div>
);

/** A list with its detail beside it; the list keeps its place and scroll. */
export const SplitView = ({
  children,
  detail,
}: {
  readonly children: ReactNode;
  readonly detail: ReactNode;
}) => (
  <div className={styles.split}>
    <div className={styles.splitMain}>{children}</div>
    {detail}
  </div>
);
