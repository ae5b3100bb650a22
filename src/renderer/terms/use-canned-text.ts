import {
  type ChangeEvent,
  type FocusEvent,
  type KeyboardEvent,
  type SyntheticEvent,
  useId,
  useRef,
  useState,
} from 'react';
import { type CannedGroup, type CannedText, type CannedTextFile, fillCannedText } from '#shared/domain/canned-text.ts';
import { useAction } from '../platform/actions.ts';
import { useCannedTexts } from '../platform/canned-texts.ts';
import { isImeEvent } from '../platform/keymap.ts';
import { matchEntries, needsReadings } from '../platform/picker-match.ts';
import { useReadings } from '../platform/reference-data.ts';
import { findSlashQuery, type SlashQuery } from '../platform/slash-query.ts';
import { useCannedValues } from './canned-values.tsx';

const SHOWN = 40;

/** What is offered below a field. */
export interface CannedChoices {
  readonly listId: string;
  /** Empty while nothing is offered. */
  readonly found: readonly CannedText[];
  readonly active: CannedText | undefined;
  readonly previewOf: (text: CannedText) => string;
  readonly point: (index: number) => void;
  readonly take: (text: CannedText) => void;
}

interface CannedTextOptions<E> {
  readonly onText: (text: string) => void;
  /** Texts of this place come first. */
  readonly prefer: CannedGroup;
  /** A field of one line: lines of a text are joined. */
  readonly isOneLine: boolean;
  readonly onKeyDown?: ((event: KeyboardEvent<E>) => void) | undefined;
  readonly onBlur?: ((event: FocusEvent<E>) => void) | undefined;
}

/**
 * Offers the centre's canned texts in a text field when `/` is typed at the beginning of a phrase: found by Chinese, 拼音 or initials,
 * taken with Enter or Tab, left with Esc, which keeps the slash. It never opens inside of words, dates and addresses, nor
 * while an input method composes, and without a match every key is the text's again.
 * @returns what the field needs, and what to show below it
 */
export function useCannedText<E extends HTMLTextAreaElement | HTMLInputElement>(options: CannedTextOptions<E>) {
  const { onText, prefer, isOneLine } = options;
  const listId = useId();
  const ref = useRef<E>(null);
  const [slash, setSlash] = useState<SlashQuery | null>(null);
  const [index, setIndex] = useState(0);
  /** The slash that was left with Esc; it stays an ordinary one until the cursor leaves it. */
  const leftAt = useRef<number | null>(null);
  const file = useCannedTexts(slash !== null);
  const read = useReadings(slash !== null && needsReadings(slash.query));
  const valuesNow = useCannedValues();

  const found = slash && file ? findTexts(file, slash.query, read, prefer) : [];
  const opened = found.length > 0;
  const active = found[Math.min(index, found.length - 1)];

  const look = () => {
    const element = ref.current;
    const cursor = element && element.selectionStart === element.selectionEnd ? element.selectionStart : null;
    const next = element && cursor !== null ? findSlashQuery(element.value, cursor) : null;
    if (next === null || next.at !== leftAt.current) leftAt.current = null;
    setSlash(next !== null && next.at === leftAt.current ? null : next);
    if (next?.query !== slash?.query || next?.at !== slash?.at) setIndex(0);
  };
  const leave = () => {
    leftAt.current = slash?.at ?? null;
    setSlash(null);
  };
  useAction('app.back', leave, opened);

  const filledText = (text: CannedText) => {
    if (!file) return { text: '', cursor: 0 };
    // A line break becomes a space of the same length: the cursor stays where the text wants it.
    const written = isOneLine ? text.text.replaceAll('\n', ' ') : text.text;
    return fillCannedText(written, valuesNow(file), file.blanks);
  };
  const previewOf = (text: CannedText) => {
    const filled = filledText(text);
    if (filled.cursor === filled.text.length) return filled.text;
    return `${filled.text.slice(0, filled.cursor)}…${filled.text.slice(filled.cursor)}`;
  };

  const take = (text: CannedText) => {
    const element = ref.current;
    if (!element || !slash) return;
    const filled = filledText(text);
    element.focus();
    element.setSelectionRange(slash.at, slash.at + 1 + slash.query.length);
    // As if it had been typed, so that Ctrl+Z takes it back.
    document.execCommand('insertText', false, filled.text);
    element.setSelectionRange(slash.at + filled.cursor, slash.at + filled.cursor);
    setSlash(null);
  };

  /** True when the key meant the list and not the field. */
  const chooseByKey = (event: KeyboardEvent<E>): boolean => {
    const { key, ctrlKey, altKey, metaKey, shiftKey } = event;
    if (ctrlKey || altKey || metaKey || isImeEvent(event.nativeEvent)) return false;
    const last = found.length - 1;
    if (key === 'ArrowDown') setIndex(index >= last ? 0 : index + 1);
    else if (key === 'ArrowUp') setIndex(index <= 0 ? last : index - 1);
    else if (active && !shiftKey && (key === 'Enter' || key === 'Tab')) take(active);
    else return false;
    return true;
  };
  const onKeyDown = (event: KeyboardEvent<E>) => {
    if (opened && chooseByKey(event)) event.preventDefault();
    else options.onKeyDown?.(event);
  };

  const field = {
    ref,
    'aria-autocomplete': 'list' as const,
    'aria-controls': opened ? listId : undefined,
    'aria-activedescendant': opened && active ? `${listId}-${active.id}` : undefined,
    onChange: (event: ChangeEvent<E>) => {
      onText(event.currentTarget.value);
      if (!(event.nativeEvent as InputEvent).isComposing) look();
    },
    onCompositionEnd: look,
    onSelect: (event: SyntheticEvent) => {
      // Cursor keys and clicks; while composing the text is not the person's yet.
      if (slash !== null && !(event.nativeEvent as Partial<InputEvent>).isComposing) look();
    },
    onKeyDown,
    onBlur: (event: FocusEvent<E>) => {
      setSlash(null);
      options.onBlur?.(event);
    },
  };
  const choices: CannedChoices = { listId, found, active, previewOf, point: setIndex, take };
  return { field, choices };
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
