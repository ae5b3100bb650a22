// biome-ignore-all lint/a11y/useFocusableInteractive: the text keeps the focus and names the active choice
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keyboard acts through the text
// biome-ignore-all lint/a11y/useSemanticElements: a native list box takes the focus from the text
import { Combobox, Textarea, type TextareaProps, useCombobox } from '@mantine/core';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CannedGroup, type CannedText, type CannedTextFile, fillCannedText } from '#shared/domain/canned-text.ts';
import { useAction } from '../platform/actions.ts';
import { useCannedTexts } from '../platform/canned-texts.ts';
import { isImeEvent } from '../platform/keymap.ts';
import { matchEntries, needsReadings } from '../platform/picker-match.ts';
import { useReadings } from '../platform/reference-data.ts';
import { findSlashQuery, type SlashQuery } from '../platform/slash-query.ts';
import { TEST_IDS } from '../platform/test-ids.ts';
import classes from './CannedTextArea.module.css';
import { useCannedValues } from './canned-values.tsx';

const SHOWN = 40;

interface CannedTextAreaProps extends Omit<TextareaProps, 'value' | 'onChange' | 'ref'> {
  readonly value: string;
  readonly onText: (text: string) => void;
  /** Texts of this place come first. */
  readonly prefer: CannedGroup;
}

/**
 * A text field in which `/` at the beginning of a phrase offers the centre's canned texts: found by Chinese, 拼音 or initials,
 * taken with Enter or Tab, left with Esc, which keeps the slash. It never opens inside of words, dates and addresses, nor
 * while an input method composes, and without a match every key is the text's again.
 */
export function CannedTextArea({ value, onText, prefer, ...rest }: CannedTextAreaProps) {
  const { t } = useTranslation();
  const listId = useId();
  const textRef = useRef<HTMLTextAreaElement>(null);
  const listRef = useRef<HTMLDivElement>(null);
  const [slash, setSlash] = useState<SlashQuery | null>(null);
  const [index, setIndex] = useState(0);
  /** The slash that was left with Esc; it stays an ordinary one until the cursor leaves it. */
  const leftAt = useRef<number | null>(null);
  const file = useCannedTexts(slash !== null);
  const read = useReadings(slash !== null && needsReadings(slash.query));
  const valuesNow = useCannedValues();
  const combobox = useCombobox();

  const found = slash && file ? findTexts(file, slash.query, read, prefer) : [];
  const opened = found.length > 0;
  const active = found[Math.min(index, found.length - 1)];

  const look = () => {
    const element = textRef.current;
    const isOneCursor = element && element.selectionStart === element.selectionEnd;
    const next = isOneCursor ? findSlashQuery(element.value, element.selectionStart) : null;
    if (next === null || next.at !== leftAt.current) leftAt.current = null;
    setSlash(next !== null && next.at === leftAt.current ? null : next);
    if (next?.query !== slash?.query || next?.at !== slash?.at) setIndex(0);
  };
  const leave = () => {
    leftAt.current = slash?.at ?? null;
    setSlash(null);
  };
  useAction('app.back', leave, opened);

  const { openDropdown, closeDropdown } = combobox;
  useEffect(() => {
    if (opened) openDropdown();
    else closeDropdown();
  }, [opened, openDropdown, closeDropdown]);
  useEffect(() => {
    if (opened) listRef.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });

  const filledText = (text: CannedText) =>
    file ? fillCannedText(text.text, valuesNow(file), file.blanks) : { text: '', cursor: 0 };
  const previewOf = (text: CannedText) => {
    const filled = filledText(text);
    if (filled.cursor === filled.text.length) return filled.text;
    return `${filled.text.slice(0, filled.cursor)}…${filled.text.slice(filled.cursor)}`;
  };

  const take = (text: CannedText) => {
    const element = textRef.current;
    if (!element || !slash) return;
    const filled = filledText(text);
    element.focus();
    element.setSelectionRange(slash.at, slash.at + 1 + slash.query.length);
    // As if it had been typed, so that Ctrl+Z takes it back.
    document.execCommand('insertText', false, filled.text);
    element.setSelectionRange(slash.at + filled.cursor, slash.at + filled.cursor);
    setSlash(null);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    rest.onKeyDown?.(event);
    const { key, ctrlKey, altKey, metaKey, shiftKey } = event;
    if (!opened || ctrlKey || altKey || metaKey || isImeEvent(event.nativeEvent)) return;
    const last = found.length - 1;
    if (key === 'ArrowDown') setIndex(index >= last ? 0 : index + 1);
    else if (key === 'ArrowUp') setIndex(index <= 0 ? last : index - 1);
    else if (active && !shiftKey && (key === 'Enter' || key === 'Tab')) take(active);
    else return;
    event.preventDefault();
  };

  return (
    <Combobox store={combobox} withinPortal position="bottom-start" width={520} shadow="md">
      <Combobox.DropdownTarget>
        <Textarea
          {...rest}
          ref={textRef}
          value={value}
          aria-autocomplete="list"
          aria-controls={opened ? listId : undefined}
          aria-activedescendant={opened && active ? `${listId}-${active.id}` : undefined}
          onChange={(event) => {
            onText(event.currentTarget.value);
            if (!(event.nativeEvent as InputEvent).isComposing) look();
          }}
          onCompositionEnd={look}
          onSelect={(event) => {
            // Cursor keys and clicks; while composing the text is not the person's yet.
            if (slash !== null && !(event.nativeEvent as Partial<InputEvent>).isComposing) look();
          }}
          onKeyDown={onKeyDown}
          onBlur={(event) => {
            setSlash(null);
            rest.onBlur?.(event);
          }}
        />
      </Combobox.DropdownTarget>
      {opened && (
        <Combobox.Dropdown p={0}>
          <div
            ref={listRef}
            id={listId}
            role="listbox"
            tabIndex={0}
            aria-label={t('canned.label')}
            className={classes.list}
            data-testid={TEST_IDS.cannedTexts}
          >
            {found.map((text, position) => (
              <div
                key={text.id}
                id={`${listId}-${text.id}`}
                role="option"
                aria-selected={text === active}
                className={classes.item}
                // The text keeps the focus.
                onMouseDown={(event) => event.preventDefault()}
                onMouseMove={() => setIndex(position)}
                onClick={() => take(text)}
                data-testid={TEST_IDS.cannedText(text.id)}
              >
                <span className={classes.title}>{text.title}</span>
                <span className={classes.text}>{previewOf(text)}</span>
              </div>
            ))}
          </div>
          <div className={classes.hint}>{t('canned.hint')}</div>
        </Combobox.Dropdown>
      )}
    </Combobox>
  );
}

function findTexts(
  file: CannedTextFile,
  query: string,
  read: ReturnType<typeof useReadings>,
  prefer: CannedGroup,
): readonly CannedText[] {
  const entries = file.texts.map((text) => ({ code: text.id, names: [text.title], text }));
  return matchEntries(entries, query, read, SHOWN, (entry) => (entry.text.group === prefer ? 0 : 1)).map(
    (entry) => entry.text,
  );
}
