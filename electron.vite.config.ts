import { resolve } from 'node:path';
import babel from '@rolldown/plugin-babel';
import react, { reactCompilerPreset } from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { checkFormFiles } from './scripts/form-files.ts';
import { checkQualityFiles } from './scripts/quality-files.ts';

const root = import.meta.dirname;
const rendererRoot = resolve(root, 'src/renderer');

/** Provided at run time: Electron itself, and native modules, which cannot be bundled. */
const external = ['electron', 'better-sqlite3', '@node-rs/argon2'];

/** The oldest runtime the bundles meet: Electron 33 (Chrome 130, Node 20.18), see scripts/bootstrap/electron-runtime.mjs. */
const nodeTarget = 'node20.18';
const chromeTarget = 'chrome130';

/** Refuses to build with a form, a score sheet or a sampling rule that is not a good one. */
const goodForms = {
  name: 'good-forms',
  buildStart: () => {
    checkFormFiles(resolve(root, 'resources/forms'));
    checkQualityFiles(resolve(root, 'resources/quality'));
  },
};

export default defineConfig({
  main: {
    plugins: [goodForms],
    build: {
      outDir: resolve(root, 'out/main'),
      target: nodeTarget,
      sourcemap: true,
      externalizeDeps: false,
      rolldownOptions: {
        external,
        input: {
          index: resolve(root, 'src/main/index.ts'),
          data: resolve(root, 'src/main/data/index.ts'),
          apply: resolve(root, 'src/main/data/sync/intake/apply-worker.ts'),
          indexing: resolve(root, 'src/main/data/search/threads/index-worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: resolve(root, 'out/preload'),
      target: nodeTarget,
      externalizeDeps: false,
      // A sandboxed preload script is one CommonJS file that can require nothing but electron.
      isolatedEntries: true,
      rolldownOptions: {
        external: ['electron'],
        input: {
          window: resolve(root, 'src/main/preload/window.ts'),
          phone: resolve(root, 'src/main/preload/phone.ts'),
        },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: rendererRoot,
    // The compiler remembers what did not change: a ring or a keystroke draws again only what it touches.
    plugins: [react(), babel({ presets: [reactCompilerPreset()] })],
    build: {
      outDir: resolve(root, 'out/renderer'),
      target: chromeTarget,
      cssTarget: chromeTarget,
      sourcemap: true,
      // Half the bytes to read and compile before the first paint.
      minify: 'oxc',
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: {
          index: resolve(rendererRoot, 'index.html'),
          phone: resolve(rendererRoot, 'phone.html'),
        },
      },
    },
  },
});
