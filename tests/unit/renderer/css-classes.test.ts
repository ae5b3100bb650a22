import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../../src/renderer');

/** Classes of a style sheet that a component names, and that are not in it: what carries one looks as the browser likes. */
function missingIn(file: string): readonly string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/import (\w+) from '([^']+\.module\.css)'/g)].flatMap(([, name = '', path = '']) => {
    const sheet = join(path.startsWith('#renderer/') ? ROOT : dirname(file), path.replace('#renderer/', ''));
    const classes = readFileSync(sheet, 'utf8').matchAll(/\.([a-zA-Z][\w-]*)/g);
    const known = new Set(Array.from(classes, ([, one]) => one));
    const named = [...source.matchAll(new RegExp(`(?<![\\w.'/])${name}\\.(\\w+)`, 'g'))].map(([, used = '']) => used);
    return [...new Set(named)].filter((used) => !known.has(used)).map((used) => `${file.slice(ROOT.length)}: ${used}`);
  });
}

test('every class a component names is in its style sheet', () => {
  const files = globSync(`${ROOT}/**/*.tsx`);
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap(missingIn)).toEqual([]);
});
