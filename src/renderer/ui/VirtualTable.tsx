// biome-ignore-all lint/a11y/useSemanticElements: rows of a virtual table are positioned, table elements cannot be
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid is the one stop of the keyboard and names its active row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keyboard acts through the grid
import {
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useListPicture } from './use-list-picture.ts';
import classes from './VirtualTable.module.css';

const ROW_HEIGHT = 32;
const HEAD_HEIGHT = 30;

export interface Column<R> {
  readonly id: string;
  readonly header: string;
  /** A track of the CSS grid, for example `88px` or `minmax(120px, 2fr)`. */
  readonly width: string;
  readonly render: (row: R) => ReactNode;
}

/** Rows by place; one that is not there yet is drawn as an empty line. Arrays are row sources. */
export interface RowSource<R> {
  readonly length: number;
  at(index: number): R | undefined;
}

interface VirtualTableProps<R> {
  readonly label: string;
  readonly columns: readonly Column<R>[];
  readonly rows: RowSource<R>;
  readonly rowKey: (row: R) => string;
  readonly selectedKey: string | null;
  /** The row under the cursor of the keyboard or the mouse. */
  readonly onSelect: (row: R) => void;
  /** Enter, or a click. */
  readonly onOpen: (row: R) => void;
  /** Told which places are in sight, whenever that changes. */
  readonly onRange?: (from: number, to: number) => void;
  /** Told the row under the cursor as it is now. The cursor then stays at its place when its row goes: the next one has come there. */
  readonly onCurrent?: ((row: R | null) => void) | undefined;
  readonly autoFocus?: boolean;
  readonly testId: string;
  readonly rowTestId: (row: R) => string;
}

/**
 * A table of any length: only the rows in sight are in the document. Arrow keys choose, Enter opens. The rows stand in a pane that
 * does not scroll itself, so that no part of it is ever bare: they are moved when the ones that belong there have come.
 */
export function VirtualTable<R>(props: VirtualTableProps<R>) {
  const { columns, rows, rowKey, selectedKey, onSelect, onOpen, onRange, onCurrent } = props;
  const bodyRef = useRef<HTMLDivElement>(null);
  const id = useId();
  const picture = useListPicture({
    scrollerRef: bodyRef,
    rows,
    rowHeight: ROW_HEIGHT,
    headHeight: HEAD_HEIGHT,
    onRange,
  });
  const [lastSelected, setLastSelected] = useState(-1);
  const selectedIndex = findSelected(rows, rowKey, selectedKey, lastSelected);
  /** A place the keyboard went to before its row was there, and whether Enter followed; `key` when a certain row is meant. */
  const [awaited, setAwaited] = useState<{
    readonly index: number;
    readonly key: string | null;
    readonly isOpened: boolean;
  } | null>(null);
  const pressed = useRef<Pressed<R> | null>(null);
  const awaitedRow = awaited === null ? undefined : rows.at(awaited.index);
  const awaitedKey = awaited?.key ?? null;
  const isOpened = awaited?.isOpened === true;

  const current = selectedIndex < 0 ? null : (rows.at(selectedIndex) ?? null);
  // Before the next key is heard: it may be one that decides about this row.
  useLayoutEffect(() => onCurrent?.(current), [onCurrent, current]);
  // The row under the cursor has left the list: whoever works it off goes on with the one that came to its place.
  const successor =
    onCurrent && selectedKey !== null && selectedIndex < 0 && lastSelected >= 0
      ? Math.min(lastSelected, rows.length - 1)
      : -1;
  const nextRow = successor < 0 ? undefined : rows.at(successor);
  useEffect(() => {
    if (nextRow) onSelect(nextRow);
  }, [nextRow, onSelect]);

  useEffect(() => {
    if (selectedIndex >= 0 || successor < 0) setLastSelected(selectedIndex);
  }, [selectedIndex, successor]);

  useEffect(() => {
    if (!awaitedRow) return;
    setAwaited(null);
    // The list may have changed while the row was out of sight: another one at its place is not what was meant.
    if (awaitedKey !== null && rowKey(awaitedRow) !== awaitedKey) return;
    onSelect(awaitedRow);
    if (isOpened) onOpen(awaitedRow);
  }, [awaitedRow, awaitedKey, isOpened, rowKey, onSelect, onOpen]);

  useEffect(() => {
    // Whoever is choosing conditions above a list that is read anew goes on choosing.
    const isTyping = document.activeElement instanceof HTMLInputElement && document.activeElement.type === 'text';
    if (props.autoFocus && !isTyping) bodyRef.current?.focus();
  }, [props.autoFocus]);

  const isSelectedDrawn =
    selectedIndex >= 0 && picture.indexes.includes(selectedIndex) && rows.at(selectedIndex) !== undefined;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const pageSize = Math.max(1, Math.floor((bodyRef.current?.clientHeight ?? ROW_HEIGHT) / ROW_HEIGHT) - 2);
    // From where the keyboard is, also while the row there is still on its way.
    const cursor = awaited?.index ?? selectedIndex;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: cursor + 1,
      j: cursor + 1,
      ArrowUp: cursor - 1,
      k: cursor - 1,
      PageDown: cursor + pageSize,
      PageUp: cursor - pageSize,
      Home: 0,
      End: rows.length - 1,
    };
    if (event.key === 'Enter') {
      const row = selectedIndex < 0 ? undefined : rows.at(selectedIndex);
      if (awaited) setAwaited({ ...awaited, isOpened: true });
      else if (row) onOpen(row);
      else if (selectedIndex >= 0) {
        setAwaited({ index: selectedIndex, key: selectedKey, isOpened: true });
        picture.bringIntoSight(selectedIndex);
      }
      event.preventDefault();
      return;
    }
    const target = steps[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (target === undefined || rows.length === 0) return;
    event.preventDefault();
    const index = Math.min(rows.length - 1, Math.max(0, target));
    const row = rows.at(index);
    setAwaited(row ? null : { index, key: null, isOpened: false });
    if (row) onSelect(row);
    picture.bringIntoSight(index);
  };

  const openAt = (index: number, row: R | undefined) => {
    // Pressed before it was read: it opens when it is there.
    setAwaited(row ? null : { index, key: null, isOpened: true });
    if (!row) return;
    onSelect(row);
    onOpen(row);
  };
  /** A row that came, or moved, between press and release takes the click away: what was pressed is opened all the same. */
  const mouseOn = (index: number, row: R | undefined) => ({
    onPointerDown: ({ currentTarget }: PointerEvent) => {
      pressed.current = { index, row, element: currentTarget };
    },
    onPointerUp: ({ currentTarget }: PointerEvent) => {
      const press = pressed.current;
      pressed.current = null;
      if (press?.index === index && press.element !== currentTarget) openAt(index, press.row ?? row);
    },
    onClick: () => openAt(index, row),
  });

  return (
    <div className={classes.frame}>
      <div
        ref={bodyRef}
        className={classes.table}
        style={{ '--columns': columns.map((column) => column.width).join(' ') } as CSSProperties}
        role="grid"
        aria-label={props.label}
        aria-rowcount={rows.length + 1}
        aria-activedescendant={isSelectedDrawn ? `${id}-${selectedKey}` : undefined}
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
        <div role="rowgroup" style={{ height: rows.length * ROW_HEIGHT }}>
          <div className={classes.pane} style={{ top: HEAD_HEIGHT, height: picture.height }}>
            {picture.indexes.map((index) => {
              const row = rows.at(index);
              const transform = `translateY(${index * ROW_HEIGHT - picture.top}px)`;
              if (!row) {
                return (
                  <div
                    key={`#${index}`}
                    className={classes.row}
                    style={{ transform }}
                    role="row"
                    aria-rowindex={index + 2}
                    aria-busy="true"
                    data-empty="true"
                    {...mouseOn(index, row)}
                  >
                    {columns.map((column) => (
                      <div key={column.id} className={classes.cell} role="gridcell">
                        …
                      </div>
                    ))}
                  </div>
                );
              }
              const key = rowKey(row);
              return (
                <div
                  key={key}
                  id={`${id}-${key}`}
                  className={classes.row}
                  style={{ transform }}
                  role="row"
                  aria-rowindex={index + 2}
                  aria-selected={key === selectedKey}
                  data-testid={props.rowTestId(row)}
                  {...mouseOn(index, row)}
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
    </div>
  );
}

/** Where the mouse went down: which row was there, if it was read already, and as what it was drawn. */
interface Pressed<R> {
  readonly index: number;
  readonly row: R | undefined;
  readonly element: Element;
}

/** Place of the selected row: where it was last, as far as one can see, or wherever it has gone among the rows that are there. */
function findSelected<R>(
  rows: RowSource<R>,
  rowKey: (row: R) => string,
  selectedKey: string | null,
  last: number,
): number {
  if (selectedKey === null) return -1;
  const isAt = (index: number) => {
    const row = index < 0 ? undefined : rows.at(index);
    return row !== undefined && rowKey(row) === selectedKey;
  };
  // Scrolled far away from, its row is no longer held.
  if (last >= 0 && last < rows.length && rows.at(last) === undefined) return last;
  for (const near of [last, last + 1, last - 1]) if (isAt(near)) return near;
  for (let index = 0; index < rows.length; index++) if (isAt(index)) return index;
  return -1;
}
