// biome-ignore-all lint/a11y/useSemanticElements: rows of a virtual table are positioned, table elements cannot be
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid is the one stop of the keyboard and names its active row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keyboard acts through the grid
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import classes from './VirtualTable.module.css';

const ROW_HEIGHT = 32;
const HEAD_HEIGHT = 30;
const OVERSCAN = 12;

export interface Column<R> {
  readonly id: string;
  readonly header: string;
  /** A track of the CSS grid, for example `88px` or `minmax(120px, 2fr)`. */
  readonly width: string;
  readonly render: (row: R) => ReactNode;
}

interface VirtualTableProps<R> {
  readonly label: string;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  readonly rowKey: (row: R) => string;
  readonly selectedKey: string | null;
  /** The row under the cursor of the keyboard or the mouse. */
  readonly onSelect: (row: R) => void;
  /** Enter, or a click. */
  readonly onOpen: (row: R) => void;
  readonly onEndReached?: () => void;
  readonly autoFocus?: boolean;
  readonly testId: string;
  readonly rowTestId: (row: R) => string;
}

/** A table of any length: only the rows in sight are in the document. Arrow keys choose, Enter opens. */
export function VirtualTable<R>(props: VirtualTableProps<R>) {
  const { columns, rows, rowKey, selectedKey, onSelect, onOpen, onEndReached } = props;
  const bodyRef = useRef<HTMLDivElement>(null);
  const id = useId();
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => bodyRef.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    // The head stays in sight above the rows.
    scrollMargin: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
    getItemKey: (index) => {
      const row = rows[index];
      return row ? rowKey(row) : index;
    },
  });
  const items = virtualizer.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? 0;
  const selectedIndex = rows.findIndex((row) => rowKey(row) === selectedKey);

  useEffect(() => {
    if (rows.length > 0 && lastIndex >= rows.length - OVERSCAN) onEndReached?.();
  }, [lastIndex, rows.length, onEndReached]);

  useEffect(() => {
    if (props.autoFocus) bodyRef.current?.focus();
  }, [props.autoFocus]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const pageSize = Math.max(1, Math.floor((bodyRef.current?.clientHeight ?? ROW_HEIGHT) / ROW_HEIGHT) - 2);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: selectedIndex + 1,
      ArrowUp: selectedIndex - 1,
      PageDown: selectedIndex + pageSize,
      PageUp: selectedIndex - pageSize,
      Home: 0,
      End: rows.length - 1,
    };
    if (event.key === 'Enter') {
      const row = rows[selectedIndex];
      if (row) onOpen(row);
      event.preventDefault();
      return;
    }
    const target = steps[event.key];
    if (target === undefined || rows.length === 0) return;
    event.preventDefault();
    const index = Math.min(rows.length - 1, Math.max(0, target));
    const row = rows[index];
    if (!row) return;
    onSelect(row);
    virtualizer.scrollToIndex(index);
  };

  return (
    <div className={classes.frame}>
      <div
        ref={bodyRef}
        className={classes.table}
        style={{ '--columns': columns.map((column) => column.width).join(' ') } as CSSProperties}
        role="grid"
        aria-label={props.label}
        aria-rowcount={rows.length + 1}
        aria-activedescendant={selectedIndex >= 0 ? `${id}-${selectedKey}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        data-testid={props.testId}
      >
        <div role="rowgroup" className={classes.headGroup}>
          <div className={classes.head} role="row" aria-rowindex={1}>
            {columns.map((column) => (
              <div key={column.id} className={classes.cell} role="columnheader">
                {column.header}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className={classes.body} style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const key = rowKey(row);
            return (
              <div
                key={key}
                id={`${id}-${key}`}
                className={classes.row}
                style={{ transform: `translateY(${item.start - HEAD_HEIGHT}px)` }}
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={key === selectedKey}
                data-testid={props.rowTestId(row)}
                onClick={() => {
                  onSelect(row);
                  onOpen(row);
                }}
              >
                {columns.map((column) => (
                  <div key={column.id} className={classes.cell} role="gridcell">
                    {column.render(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
