import { CloseButton, Combobox, TextInput, useCombobox } from '@mantine/core';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { FieldControl } from './FieldRow.tsx';
import classes from './TypeAhead.module.css';

/** One line of the list under the input. */
export interface TypeAheadOption {
  readonly value: string;
  /** Shown at the end of the line; the value is, where people know it as a code. */
  readonly code?: string;
  readonly main: string;
  /** Where it belongs, in smaller type. */
  readonly path: string;
  /** Nothing of the list, but what is typed as it is: it takes a key or a click. */
  readonly isAsTyped?: boolean;
}

/** What a picker says. */
export interface TypeAheadTexts {
  readonly noMatch: string;
  readonly more: string;
  readonly clear: string;
  /** That what is typed was not taken. `chosen` is what still counts, empty for nothing; `why` is why it cannot be taken, null where it can. */
  readonly untaken: (chosen: string, why: string | null) => string;
}

interface TypeAheadProps {
  readonly control: FieldControl;
  /** Text of the chosen entry, empty when none is chosen. */
  readonly chosen: string;
  readonly options: readonly TypeAheadOption[];
  /** What is typed now; null while nothing is typed and the chosen entry is shown. */
  readonly query: string | null;
  readonly onQuery: (query: string | null) => void;
  readonly onPick: (value: string | null) => void;
  readonly hasMore: boolean;
  /** Width of the list in px where the field is too narrow for its lines. */
  readonly listWidth?: number;
  /** A click into the field shows everything: for lists that can be read through. */
  readonly opensOnClick?: boolean;
  /** The field a dialog begins with. */
  readonly isFirst?: boolean;
  readonly disabled?: boolean;
  readonly placeholder: string;
  readonly texts: TypeAheadTexts;
  readonly testId: string;
  readonly optionTestId: (value: string) => string;
  /** Offers Esc to close the list before anything else closes; a hook, called on every render. */
  readonly useCloseOnBack: (close: () => void, opened: boolean) => void;
}

const folded = (text: string) => text.normalize('NFKC').trim().toLowerCase();

/** The one option that is named as it is typed. */
function namedOption(options: readonly TypeAheadOption[], typed: string): TypeAheadOption | undefined {
  const wanted = folded(typed);
  const named = options.filter(
    ({ main, code, value, isAsTyped }) => !isAsTyped && [main, code ?? value].some((name) => folded(name) === wanted),
  );
  return named.length === 1 ? named[0] : undefined;
}

/**
 * A picker by typing. The best match is marked at once: Enter takes it, and so does Tab, which then goes on to the next
 * field. Left in another way it takes what is named exactly as typed; any other text stays in it, and that nothing was taken yet is said.
 */
export function TypeAhead(props: TypeAheadProps) {
  const { control, chosen, options, query, onQuery, onPick, hasMore, disabled, placeholder, texts, testId } = props;
  const [focused, setFocused] = useState(false);
  const isUntaken = query !== null && query.trim() !== '';
  /** Somebody went on without taking anything; also before this was drawn anew. */
  const [wasLeft, setLeft] = useState(isUntaken);
  if (wasLeft && !isUntaken) setLeft(false);
  const combobox = useCombobox({ scrollBehavior: 'auto' });
  const opened = focused && query !== null && !disabled;
  const { selectFirstOption, openDropdown, closeDropdown } = combobox;
  const first = options[0]?.value;
  props.useCloseOnBack(() => onQuery(null), opened);
  const said = isUntaken && wasLeft ? texts.untaken(chosen, options.length === 0 ? texts.noMatch : null) : null;
  const { say } = control;
  useEffect(() => {
    say?.(said);
    return () => say?.(null);
  }, [say, said]);

  useEffect(() => {
    if (opened) openDropdown();
    else closeDropdown();
  }, [opened, openDropdown, closeDropdown]);

  useEffect(() => {
    if (!opened || first === undefined) return;
    // After the new options are in the document.
    const frame = requestAnimationFrame(() => selectFirstOption());
    return () => cancelAnimationFrame(frame);
  }, [opened, first, selectFirstOption]);

  // One key takes one thing: the list hears the same Enter, and may have it or not, as far as it has been drawn.
  const isPicked = useRef(false);
  const pick = (value: string) => {
    if (isPicked.current) return;
    isPicked.current = true;
    queueMicrotask(() => {
      isPicked.current = false;
    });
    onPick(value);
    onQuery(null);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.nativeEvent.keyCode === 229) return;
    if (event.key === 'ArrowDown' && !opened) onQuery('');
    // What is sent with it must not go without what stands here.
    if (event.key === 'Enter' && event.ctrlKey && isUntaken) setLeft(true);
    if (!opened || query === '') return;
    const index = combobox.getSelectedOptionIndex();
    const option = options[Math.max(0, index)];
    if (event.key === 'Tab' && !event.shiftKey && option) pick(option.value);
    // Enter right after the last letter: the mark on the first match is drawn with the next frame only.
    if (event.key === 'Enter' && !event.ctrlKey && option) {
      event.preventDefault();
      pick(option.value);
    }
  };

  return (
    <Combobox
      store={combobox}
      onOptionSubmit={pick}
      withinPortal
      width={props.listWidth ?? 'target'}
      position="bottom-start"
    >
      <Combobox.Target withExpandedAttribute>
        <TextInput
          id={control.id}
          data-autofocus={props.isFirst || undefined}
          error={say ? control.invalid : (said ?? control.invalid)}
          data-untaken={isUntaken || undefined}
          aria-describedby={control.describedBy}
          value={query ?? chosen}
          placeholder={placeholder}
          disabled={disabled ?? false}
          autoComplete="off"
          spellCheck={false}
          onFocus={(event) => {
            setFocused(true);
            // The next letter takes the place of what is chosen, not of what is being typed.
            if (!isUntaken) event.currentTarget.select();
          }}
          onClick={() => {
            if (props.opensOnClick && query === null) onQuery('');
          }}
          onBlur={() => {
            setFocused(false);
            const named = isUntaken ? namedOption(options, query) : undefined;
            if (named) pick(named.value);
            else if (isUntaken) setLeft(true);
            else onQuery(null);
          }}
          onChange={(event) => {
            const typed = event.currentTarget.value;
            if (typed === '' && chosen !== '') onPick(null);
            onQuery(typed);
          }}
          onKeyDown={onKeyDown}
          rightSectionPointerEvents="all"
          rightSection={
            (chosen !== '' || (isUntaken && !focused)) && !disabled ? (
              <CloseButton
                size="sm"
                aria-label={texts.clear}
                tabIndex={-1}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => {
                  onPick(null);
                  onQuery(null);
                }}
              />
            ) : null
          }
          data-testid={testId}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={!opened}>
        <Combobox.Options labelledBy={control.labelId} mah={320} style={{ overflowY: 'auto' }}>
          {/* What stands in a picker that was left is looked for all the same; nothing of it is drawn while the list closes. */}
          {(opened ? options : []).map((option) => (
            <Combobox.Option key={option.value} value={option.value} data-testid={props.optionTestId(option.value)}>
              <span className={classes.option}>
                <span className={classes.main}>{option.main}</span>
                <span className={classes.path}>{option.path}</span>
                <span className={classes.code}>{option.code ?? option.value}</span>
              </span>
            </Combobox.Option>
          ))}
          {opened && options.length === 0 && <div className={classes.note}>{texts.noMatch}</div>}
          {opened && hasMore && <div className={classes.note}>{texts.more}</div>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
