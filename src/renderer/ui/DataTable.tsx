// biome-ignore-all lint/a11y/useSemanticElements: rows are positioned; a table element cannot do that
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { common } from '../../../assets/locales/en/common';
import styles from './DataTable.module.css';
import { listSource, type RowSource } from './rows';
import { EmptyState, ErrorState, LoadingState } from './states';

export type Column<T> = {
  readonly id: string;
  readonly header: string;
  /** CSS grid track: `minmax(160px, 1fr)`, `120px`. */
  readonly width: string;
  /** `right` for money and counts. */
  readonly align?: 'left' | 'right' | 'center';
  readonly render: (row: T, index: number) => ReactNode;
  /** Makes the column sortable: what a loaded list is sorted by. With `onSort` any truthy function will do. */
  readonly sortValue?: (row: T) => string | number | bigint;
  /** Sortable by the owner of the data (`onSort`). */
  readonly isSortable?: boolean;
  /** Left out, last one first, while the table is too narrow for all columns (a detail stands beside it). */
  readonly isOptional?: boolean;
  /** Header for screen readers alone (icons, actions). */
  readonly isHeaderHidden?: boolean;
};

export type Sort = { readonly columnId: string; readonly direction: 'asc' | 'desc' };

export type DataTableProps<T> = {
  /** Names the table for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[] | RowSource<T>;
  readonly rowKey: (row: T) => string;
  /** Enter, or a click on a row. Opens the detail beside the table. */
  readonly onOpen?: (row: T) => void;
  readonly selectedKey?: string | null;
  /** Controlled sort: the owner of the data sorts. Without it a loaded list is sorted here. */
  readonly sort?: Sort | null;
  readonly onSort?: (sort: Sort) => void;
  readonly initialSort?: Sort;
  readonly isLoading?: boolean;
  readonly error?: unknown;
  readonly onRetry?: () => void;
  readonly empty?: ReactNode;
  /** `fill` takes the height that is left; `auto` grows with its rows (short lists); a number is pixels. */
  readonly height?: 'fill' | 'auto' | number;
  /** Row height in pixels, if not the standard. */
  readonly rowHeight?: number;
  /** Space key on a row (selection boxes). */
  readonly onToggle?: (row: T) => void;
  readonly footer?: ReactNode;
  /** Brings this row into view whenever the object changes, and makes it the current one. */
  readonly jumpTo?: { readonly index: number } | null;
};

const isSource = <T,>(rows: readonly T[] | RowSource<T>): rows is RowSource<T> => !Array.isArray(rows);

const compare = (a: string | number | bigint, b: string | number | bigint): number =>
  typeof a === 'string' && typeof b === 'string' ? a.localeCompare(b) : a < b ? -1 : a > b ? 1 : 0;

const COLUMN_GAP = 16;
const TABLE_PADDING = 32;

/** Least width of a track: its pixels, or the first argument of its minmax. */
const leastWidth = (track: string): number => Number(/([0-9.]+)px/.exec(track)?.[1] ?? 80);

const measureColumns = (columns: readonly { readonly width: string }[]): number =>
  columns.reduce((sum, column) => sum + leastWidth(column.width), TABLE_PADDING) +
  COLUMN_GAP * (columns.length - 1);

const fitColumns = <T,>(columns: readonly Column<T>[], width: number): readonly Column<T>[] => {
  let fitting = columns;
  while (width > 0 && measureColumns(fitting) > width) {
    const last = fitting.filter((column) => column.isOptional).at(-1);
    if (last === undefined) break;
    fitting = fitting.filter((column) => column !== last);
  }
  return fitting;
};

const useWidth = (element: RefObject<HTMLElement | null>): number => {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    const read = (): void => setWidth(target.clientWidth);
    read();
    const observer = new ResizeObserver(read);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return width;
};

const rowHeightNow = (): number => (document.documentElement.dataset.density === 'compact' ? 30 : 36);

/**
 * The table of the app: only the rows in view exist, the header stays, arrows move, Enter opens, Home and End jump.
 * One tab stop; the current row is told to screen readers by `aria-activedescendant`.
 */
export const DataTable = <T,>(props: DataTableProps<T>) => {
  const { rowKey, onOpen, height = 'fill' } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [ownSort, setOwnSort] = useState<Sort | null>(props.initialSort ?? null);
  const [active, setActive] = useState(0);
  const width = useWidth(scroller);
  const columns = fitColumns(props.columns, width);
  const sort = props.onSort ? (props.sort ?? null) : ownSort;
  const rowHeight = props.rowHeight ?? rowHeightNow();

  const source = useMemo((): RowSource<T> => {
    if (isSource(props.rows)) return props.rows;
    const value = props.columns.find((column) => column.id === ownSort?.columnId)?.sortValue;
    if (props.onSort || !ownSort || !value) return listSource(props.rows);
    const factor = ownSort.direction === 'asc' ? 1 : -1;
    return listSource([...props.rows].sort((a, b) => factor * compare(value(a), value(b))));
  }, [props.rows, props.onSort, props.columns, ownSort]);

  const virtual = useVirtualizer({
    count: source.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollPaddingStart: rowHeight,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const { onRange } = source;
  useEffect(() => onRange?.(first, last), [onRange, first, last]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured again when the density changes
  useEffect(() => virtual.measure(), [rowHeight]);

  const { jumpTo } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a jump happens once, when it is asked for
  useEffect(() => {
    if (!jumpTo) return;
    setActive(jumpTo.index);
    virtual.scrollToIndex(jumpTo.index, { align: 'center' });
  }, [jumpTo]);

  const current = Math.min(active, Math.max(0, source.total - 1));
  const tracks = columns.map((column) => column.width).join(' ');
  const minWidth = measureColumns(columns);

  const moveTo = (index: number): void => {
    const next = Math.max(0, Math.min(source.total - 1, index));
    setActive(next);
    virtual.scrollToIndex(next);
  };
  const countPageRows = (): number =>
    Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    // Buttons and fields within a row keep their own keys.
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
    const row = source.rowAt(current);
    switch (event.key) {
      case 'ArrowDown':
        moveTo(current + 1);
        break;
      case 'ArrowUp':
        moveTo(current - 1);
        break;
      case 'PageDown':
        moveTo(current + countPageRows());
        break;
      case 'PageUp':
        moveTo(current - countPageRows());
        break;
      case 'Home':
        moveTo(0);
        break;
      case 'End':
        moveTo(source.total - 1);
        break;
      case 'Enter':
        if (row !== undefined) onOpen?.(row);
        break;
      case ' ':
        if (row !== undefined) props.onToggle?.(row);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  const toggleSort = (column: Column<T>): void => {
    const next: Sort = {
      columnId: column.id,
      direction: sort?.columnId === column.id && sort.direction === 'asc' ? 'desc' : 'asc',
    };
    if (props.onSort) props.onSort(next);
    else setOwnSort(next);
  };

  const isEmpty = source.total === 0;
  const body = (): ReactNode => {
    if (props.error && isEmpty) {
      return (
        <ErrorState
          error={props.error}
          layout="page"
          {...(props.onRetry ? { onRetry: props.onRetry } : {})}
        />
      );
    }
    if (props.isLoading && isEmpty) return <LoadingState />;
    return isEmpty ? (props.empty ?? <EmptyState title={common.noRows} />) : null;
  };
  const message = body();

  return (
    <div
      className={styles.frame}
      data-message={message === null ? undefined : true}
      data-height={typeof height === 'number' ? 'fixed' : height}
      style={typeof height === 'number' ? { height } : undefined}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: rows are positioned; a table element cannot do that */}
      <div
        ref={scroller}
        className={styles.scroller}
        role="grid"
        aria-label={props.label}
        aria-rowcount={source.total + 1}
        aria-colcount={columns.length}
        aria-busy={props.isLoading ?? false}
        aria-activedescendant={isEmpty ? undefined : `${id}-${current}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        {/* biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: see above */}
        <div
          className={styles.header}
          role="row"
          aria-rowindex={1}
          style={{ gridTemplateColumns: tracks, minWidth }}
        >
          {columns.map((column) => (
            <HeaderCell
              key={column.id}
              column={column}
              sort={sort}
              isControlled={props.onSort !== undefined}
              onToggle={toggleSort}
            />
          ))}
        </div>
        {isEmpty ? null : (
          <div className={styles.body} role="rowgroup" style={{ height: virtual.getTotalSize(), minWidth }}>
            {items.map((item) => {
              const row = source.rowAt(item.index);
              const key = row === undefined ? `row ${item.index}` : rowKey(row);
              const isSelected = row !== undefined && props.selectedKey === key;
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: the grid takes the keys
                <div
                  key={key}
                  id={`${id}-${item.index}`}
                  className={styles.row}
                  role="row"
                  aria-rowindex={item.index + 2}
                  aria-selected={isSelected}
                  data-active={item.index === current || undefined}
                  data-opens={onOpen ? true : undefined}
                  style={{
                    gridTemplateColumns: tracks,
                    height: rowHeight,
                    transform: `translateY(${item.start}px)`,
                  }}
                  onClick={() => {
                    setActive(item.index);
                    if (row !== undefined) onOpen?.(row);
                  }}
                >
                  {columns.map((column) => (
                    // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: see above
                    <div
                      key={column.id}
                      className={styles.cell}
                      role="gridcell"
                      data-align={column.align ?? 'left'}
                    >
                      {row === undefined ? (
                        <span className={styles.pending} />
                      ) : (
                        column.render(row, item.index)
                      )}
                    </div>
                  ))}
                </div>
              );
            })}
          </div>
        )}
      </div>
      {message === null ? null : <div className={styles.message}>{message}</div>}
      {props.footer === undefined ? null : <div className={styles.footer}>{props.footer}</div>}
    </div>
  );
};

type HeaderCellProps<T> = {
  readonly column: Column<T>;
  readonly sort: Sort | null;
  readonly isControlled: boolean;
  readonly onToggle: (column: Column<T>) => void;
};

const HeaderCell = <T,>({ column, sort, isControlled, onToggle }: HeaderCellProps<T>) => {
  const isSorted = sort?.columnId === column.id;
  const isSortable = isControlled ? (column.isSortable ?? false) : column.sortValue !== undefined;
  const Icon = sort?.direction === 'desc' ? IconChevronDown : IconChevronUp;
  return (
    // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: part of a grid of positioned rows
    <div
      className={styles.headerCell}
      role="columnheader"
      data-align={column.align ?? 'left'}
      aria-sort={isSorted ? (sort.direction === 'asc' ? 'ascending' : 'descending') : undefined}
    >
      {isSortable ? (
        <button type="button" className={styles.sortButton} onClick={() => onToggle(column)}>
          <span>{column.header}</span>
          <Icon size={13} aria-hidden className={isSorted ? styles.sorted : styles.unsorted} />
        </button>
      ) : (
        <span className={column.isHeaderHidden ? 'visually-hidden' : undefined}>{column.header}</span>
      )}
    </div>
  );
};
