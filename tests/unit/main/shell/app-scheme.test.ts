import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

vi.mock('electron', () => ({ protocol: {} }));
const { resolveAppUrl } = await import('#main/shell/app-scheme.ts');

const ROOT = path.resolve('/srv/console/renderer');

describe('app:// addresses', () => {
  it.each([
    ['app://bundle/index.html', 'index.html', 'text/html; charset=utf-8'],
    ['app://bundle/phone.html?provider=none', 'phone.html', 'text/html; charset=utf-8'],
    ['app://bundle/assets/index-B82_e-pd.js', 'assets/index-B82_e-pd.js', 'text/javascript; charset=utf-8'],
    ['app://bundle/assets/a.css#x', 'assets/a.css', 'text/css; charset=utf-8'],
  ])('%s is a file of the bundle', (url, file, contentType) => {
    expect(resolveAppUrl(ROOT, url)).toEqual({ file: path.join(ROOT, file), contentType });
  });

  it.each([
    'app://bundle/',
    'app://bundle',
    'app://bundle/assets',
    'app://bundle/assets/index.js.map',
    'app://bundle/package.json5',
    'app://bundle/.env.js',
    'app://bundle/assets/..%2f..%2fmain%2findex.js',
    'app://bundle/%2e%2e/main/index.js/..%5c..%5cx.js',
    'app://bundle/..%5cmain%5cindex.js',
    'app://bundle/a%00.js',
    'app://bundle/%zz.js',
    'app://bundle//etc/passwd.js',
    'app://bundle:80/index.html',
    'app://user@bundle/index.html',
    'app://bundle.evil/index.html',
    'app://other/index.html',
    'app:///index.html',
    'file:///srv/console/renderer/index.html',
    'https://bundle/index.html',
    'index.html',
    '',
  ])('%s is nothing', (url) => {
    expect(resolveAppUrl(ROOT, url)).toBeNull();
  });

  it('never lead out of the folder', () => {
    const piece = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '%2e',
      '%2f',
      '%5c',
      '%00',
      'a',
      'a.js',
      '.js',
      '%252e',
      ':',
      '@',
      '?',
      '#',
      ' ',
      '\u202e',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.string(), (pieces, tail) => {
        for (const url of [`app://bundle/${pieces.join('')}`, `app://bundle/${pieces.join('')}${tail}.js`]) {
          const found = resolveAppUrl(ROOT, url);
          if (found) expect(path.relative(ROOT, path.normalize(found.file))).toMatch(/^(?!\.\.)[^/]/);
        }
      }),
      { numRuns: 3_000, seed: 12345 },
    );
  });
});
