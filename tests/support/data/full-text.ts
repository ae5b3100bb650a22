/** Evaluates a full-text expression (AND before OR, brackets, quoted tokens, prefixes) against the tokens of a text. */
export function isMet(expression: string, tokens: ReadonlySet<string>): boolean {
  const parts = expression.match(/"[^"]*"( \*)?|\(|\)|AND|OR/g) ?? [];
  if (parts.join('').replaceAll(' ', '') !== expression.replaceAll(' ', ''))
    throw new Error(`not understood: ${expression}`);
  let at = 0;
  const any = (): boolean => {
    let met = all();
    while (parts[at] === 'OR') {
      at++;
      met = all() || met;
    }
    return met;
  };
  const all = (): boolean => {
    let met = one();
    while (parts[at] === 'AND') {
      at++;
      met = one() && met;
    }
    return met;
  };
  const one = (): boolean => {
    const part = parts[at++] ?? '';
    if (part === '(') {
      const met = any();
      if (parts[at++] !== ')') throw new Error(`bracket is missing: ${expression}`);
      return met;
    }
    const bare = part.slice(1, part.lastIndexOf('"'));
    return part.endsWith('*') ? [...tokens].some((token) => token.startsWith(bare)) : tokens.has(bare);
  };
  const met = any();
  if (at !== parts.length) throw new Error(`goes on after its end: ${expression}`);
  return met;
}
