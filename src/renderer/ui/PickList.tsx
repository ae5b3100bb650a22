// biome-ignore-all lint/a11y/useFocusableInteractive: the box keeps the focus and names the active line
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keyboard acts through the box
// biome-ignore-all lint/a11y/useSemanticElements: a native list box cannot show lines with several columns
import { TextInput } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useId } from 'react';

interface PickLine {
  readonly id: string;
  readonly testId: string;
  readonly content: ReactNode;
}

interface PickListProps {
  readonly label: string;
  readonly placeholder: string;
  readonly query: string;
  /** Something else is typed: the first line is the active one again. */
  readonly onQuery: (query: string) => void;
  readonly error?: string | null;
  readonly lines: readonly PickLine[];
  /** Place of the active line; none while the lines are not those of what is typed. */
  readonly active: number | null;
  readonly onActive: (place: number) => void;
  /** Keys the list does not know. True when one was used. */
  readonly onKey?: (event: KeyboardEvent) => boolean;
  readonly listClass: string | undefined;
  readonly lineClass: string | undefined;
  readonly testId: string;
}

/** A box to type into and the lines found by it: arrow keys choose without leaving the box. */
export function PickList(props: PickListProps) {
  const { label, placeholder, query, onQuery, error, lines, active, onActive, onKey } = props;
  const id = useId();
  const activeLine = active === null ? undefined : lines[active];
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.nativeEvent.keyCode === 229) return;
    if (event.key === 'ArrowDown') onActive(Math.max(0, Math.min(lines.length - 1, (active ?? -1) + 1)));
    else if (event.key === 'ArrowUp') onActive(Math.max(0, (active ?? 0) - 1));
    else if (!onKey?.(event)) return;
    event.preventDefault();
  };
  return (
    <>
      <TextInput
        data-autofocus
        role="combobox"
        aria-expanded={lines.length > 0}
        aria-controls={lines.length > 0 ? id : undefined}
        aria-activedescendant={activeLine ? `${id}-${activeLine.id}` : undefined}
        aria-label={label}
        placeholder={placeholder}
        value={query}
        error={error}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onQuery(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        data-testid={props.testId}
      />
      {lines.length > 0 && (
        <div id={id} role="listbox" aria-label={label} className={props.listClass}>
          {lines.map((line, place) => (
            <div
              key={line.id}
              id={`${id}-${line.id}`}
              role="option"
              aria-selected={line === activeLine}
              className={props.lineClass}
              onClick={() => onActive(place)}
              data-testid={line.testId}
            >
              {line.content}
            </div>
          ))}
        </div>
      )}
    </>
  );
}
