import { createContext, useContext, useEffect, useRef, useState } from 'react';

/** Keeps what is typed into pickers and not taken while they are off the screen. */
export interface TypedTexts {
  readonly of: (field: string) => string | null;
  /** Null or empty forgets it. */
  readonly keep: (field: string, text: string | null) => void;
}

const Kept = createContext<TypedTexts | null>(null);

/** Inside, what is typed into a picker outlives the picker. */
export const TypedTextsProvider = Kept.Provider;

/** The same below a part of it whose fields may have the names of other fields; null where nothing is kept. */
export function useTypedTextsOf(part: string): TypedTexts | null {
  const outer = useContext(Kept);
  if (!outer) return null;
  const name = (field: string) => `${part} ${field}`;
  return { of: (field) => outer.of(name(field)), keep: (field, text) => outer.keep(name(field), text) };
}

/**
 * What is typed into a picker: null while what is chosen is shown. A choice, made there or beside it, ends it.
 * @param value what is chosen; empty for nothing
 * @param onTyped hears of every change
 */
export function useTyped(
  field: string,
  value: string,
  onTyped?: (typed: string | null) => void,
): readonly [typed: string | null, type: (typed: string | null) => void] {
  const kept = useContext(Kept);
  const [typed, setTyped] = useState(() => kept?.of(field) ?? null);
  const type = (text: string | null) => {
    setTyped(text);
    kept?.keep(field, text);
    onTyped?.(text);
  };
  const before = useRef(value);
  useEffect(() => {
    if (before.current === value) return;
    before.current = value;
    if (value !== '' && typed !== null) type(null);
  });
  return [typed, type];
}
