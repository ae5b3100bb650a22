import { err, ok, type Result } from '../../kernel/result.ts';

/** Longest expression a form file may hold, in UTF-16 units: evaluation stays far below a millisecond. */
export const EXPRESSION_MAX = 1_000;

/** One word of an expression with its position (UTF-16 offset). */
export interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'context' | 'word' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
}

/** Why a text is not an expression; `found` is the word at which reading it failed, empty at the end. */
export interface SyntaxFault {
  readonly code: 'UNEXPECTED' | 'UNFINISHED_TEXT' | 'TOO_DEEP' | 'TOO_LONG';
  readonly at: number;
  readonly found: string;
}

const WORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'true', 'false']);
const SPACE = /[ \t\r\n]+/y;
const NUMBER = /\d+(\.\d+)?/y;
const NAME = /\$?[A-Za-z][A-Za-z0-9]*/y;
const TEXT = /'(?:[^']|'')*'/y;
const SYMBOL = /==|!=|<=|>=|[<>+\-*/(),[\]]/y;

/** Cuts an expression into its words; the last one is `end`. A quote inside a text is written twice. */
export function readTokens(source: string): Result<readonly Token[], SyntaxFault> {
  if (source.length > EXPRESSION_MAX) return err({ code: 'TOO_LONG', at: EXPRESSION_MAX, found: '' });
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0] ?? null;
  };
  while (at < source.length) {
    const space = take(SPACE);
    if (space !== null) {
      at += space.length;
      continue;
    }
    const token = readToken(take, at);
    if (!token) {
      const found = source.slice(at, at + 1);
      return err({ code: found === "'" ? 'UNFINISHED_TEXT' : 'UNEXPECTED', at, found });
    }
    tokens.push(token.token);
    at += token.length;
  }
  tokens.push({ kind: 'end', text: '', at });
  return ok(tokens);
}

function readToken(
  take: (pattern: RegExp) => string | null,
  at: number,
): { readonly token: Token; readonly length: number } | null {
  const number = take(NUMBER);
  if (number !== null) return { token: { kind: 'number', text: number, at }, length: number.length };
  const name = take(NAME);
  if (name !== null) {
    const kind = name.startsWith('$') ? 'context' : WORDS.has(name) ? 'word' : 'name';
    return { token: { kind, text: name, at }, length: name.length };
  }
  const text = take(TEXT);
  if (text !== null) {
    return { token: { kind: 'text', text: text.slice(1, -1).replaceAll("''", "'"), at }, length: text.length };
  }
  const symbol = take(SYMBOL);
  return symbol === null ? null : { token: { kind: 'symbol', text: symbol, at }, length: symbol.length };
}
