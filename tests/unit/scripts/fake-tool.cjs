// Stands for npm, apt-get, Electron's download and electron-vite in a copy of the set-up: `node fake-tool.cjs <tool> [arguments]`.
// Writes down that it was called, does half of its work, waits there for ever when it is the one of STOP_AT, then does the rest.
const fs = require('node:fs');
const path = require('node:path');

const [tool = '', ...args] = process.argv.slice(2);
const root = process.env.PROJECT ?? '';
const modules = path.join(root, 'node_modules');
const write = (/** @type {string} */ file, text = '') => {
  fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  fs.writeFileSync(path.join(root, file), text, { mode: 0o755 });
};
const link = (/** @type {string} */ file) => {
  fs.mkdirSync(path.dirname(path.join(modules, file)), { recursive: true });
  fs.rmSync(path.join(modules, file), { force: true });
  fs.symlinkSync(process.execPath, path.join(modules, file));
};
const runTool = (/** @type {string} */ name) =>
  `process.argv.splice(2, 0, '${name}');\nrequire(${JSON.stringify(__filename)});\n`;

/** Half of the work, and the rest: what a real tool leaves when it is stopped, as far as the set-up looks at it. @type {Record<string, [half: () => void, rest: () => void]>} */
const work = {
  'npm ci': [
    () => {
      fs.rmSync(modules, { recursive: true, force: true });
      write('node_modules/node/package.json', '{"version":"24.0.0"}');
      write('node_modules/electron/package.json', '{"version":"99.0.0"}');
      write('node_modules/electron/install.js', runTool('download'));
      write('node_modules/electron-vite/bin/electron-vite.js', runTool('vite'));
    },
    () => fs.copyFileSync(path.join(root, 'package-lock.json'), path.join(modules, '.package-lock.json')),
  ],
  'npm rebuild': [() => link('.bin/node'), () => link('node/bin/node')],
  download: [
    () => {
      write('node_modules/electron/dist/electron', '#!/bin/sh\necho 99.0.0\n');
      write('node_modules/electron/dist/version', '99.0.0');
    },
    () => write('node_modules/electron/path.txt', 'electron'),
  ],
  'apt-get install': [() => {}, () => write('installed-by-apt')],
  vite: [
    () => {
      for (const file of [
        'main/index.js',
        'main/data.js',
        'main/apply.js',
        'preload/window.cjs',
        'renderer/index.html',
      ])
        write(`out/${file}`);
    },
    () => {},
  ],
  gcc: [() => fs.writeFileSync(args[args.indexOf('-o') + 1] ?? '', 'an object'), () => {}],
};

if (tool === 'ldconfig') {
  // The libraries are there once apt has installed them; nobody but root may.
  const isThere = process.getuid?.() !== 0 || fs.existsSync(path.join(root, 'installed-by-apt'));
  const wanted = fs.readFileSync(path.join(root, 'scripts/bootstrap/system-packages.mjs'), 'utf8');
  if (isThere) for (const [, soname] of wanted.matchAll(/soname: '([^']+)'/g)) console.log(`${soname} (libc6)`);
} else {
  const command = args.find((arg) => ['ci', 'rebuild', 'install'].includes(arg));
  const name = command && tool !== 'vite' && tool !== 'gcc' ? `${tool} ${command}` : tool;
  const [half, rest] = work[name] ?? [() => {}, () => {}];
  half();
  const stops = process.env.STOP_AT === name;
  if (name in work) fs.appendFileSync(path.join(root, 'calls'), `${name}${stops ? ' …' : ''}\n`);
  if (stops) setInterval(() => {}, 1_000);
  else rest();
}
