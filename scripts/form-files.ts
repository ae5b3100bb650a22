import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { compileForm } from '../src/shared/domain/form/form-compile.ts';
import { describeFault } from '../src/shared/domain/form/form-faults.ts';

const FORM_FILE = /^(.+)\.v(\d+)\.json$/;

/** What is wrong with one form file, in lines of file, place and reason. */
function faultsOf(folder: string, name: string): readonly string[] {
  const named = FORM_FILE.exec(name);
  if (!named) return [`${name}: the name of a form file is <id>.v<version>.json`];
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
  }
  const form = compileForm(json);
  if (!form.ok) return form.error.map((fault) => `${name}: ${describeFault(fault)}`);
  const { id, version } = form.value.definition;
  return id === named[1] && version === Number(named[2]) ? [] : [`${name}: holds ${id} version ${version}`];
}

/**
 * Checks every form file of a folder, so that no build has one that is not a good form.
 * @throws Error with a line per fault: file, place (JSON pointer) and reason
 */
export function checkFormFiles(folder: string): void {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'form.schema.json');
  const faults = names.flatMap((name) => faultsOf(folder, name));
  if (faults.length > 0) throw new Error(`Form files that cannot be used in ${folder}:\n${faults.join('\n')}`);
}
