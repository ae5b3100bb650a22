// The default app of the fallback Electron: loads the application whose path is the first argument that is no flag,
// as `electron <path>` does.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const args = process.argv.slice(1);
if (args.includes('--version')) {
  console.log(`v${process.versions.electron}`);
  app.exit(0);
} else {
  const given = args.find((argument) => !argument.startsWith('-'));
  if (given === undefined) {
    console.error('Usage: electron <path of the application>');
    app.exit(64);
  } else {
    await load(path.resolve(given));
  }
}

/** @param {string} applicationPath */
async function load(applicationPath) {
  Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
  const description = readDescription(applicationPath);
  if (description) {
    app.name = description.productName ?? description.name ?? app.name;
    if (description.version) app.setVersion(description.version);
    app.setAppPath(applicationPath);
  } else {
    app.setAppPath(path.dirname(applicationPath));
  }
  const entry = createRequire(import.meta.url).resolve(applicationPath);
  await import(pathToFileURL(entry).href);
}

/** @param {string} applicationPath */
function readDescription(applicationPath) {
  try {
    return JSON.parse(readFileSync(path.join(applicationPath, 'package.json'), 'utf8'));
  } catch {
    return undefined; // a single file instead of a folder
  }
}
