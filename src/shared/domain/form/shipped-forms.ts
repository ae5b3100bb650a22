import epidemic1 from '#resources/forms/epidemic.v1.json' with { type: 'json' };
import flood1 from '#resources/forms/flood.v1.json' with { type: 'json' };
import flood2 from '#resources/forms/flood.v2.json' with { type: 'json' };
import general1 from '#resources/forms/general.v1.json' with { type: 'json' };
import groupRental1 from '#resources/forms/group-rental.v1.json' with { type: 'json' };
import medicalInsurance1 from '#resources/forms/medical-insurance.v1.json' with { type: 'json' };
import noise1 from '#resources/forms/noise.v1.json' with { type: 'json' };
import noise2 from '#resources/forms/noise.v2.json' with { type: 'json' };
import safetyReport1 from '#resources/forms/safety-report-12350.v1.json' with { type: 'json' };
import schoolAdmission1 from '#resources/forms/school-admission.v1.json' with { type: 'json' };
import unclearOwnership1 from '#resources/forms/unclear-ownership.v1.json' with { type: 'json' };
import wageArrears1 from '#resources/forms/wage-arrears.v1.json' with { type: 'json' };
import wageArrears2 from '#resources/forms/wage-arrears.v2.json' with { type: 'json' };
import type { CompiledForm } from './compiled-form.ts';
import { compileForm } from './form-compile.ts';
import { describeFault } from './form-faults.ts';

/** A version of a form whose file is not read yet. */
interface FormFile {
  readonly id: string;
  readonly version: number;
  readonly json: unknown;
}

/** Every version of every form; the order of the forms is the order in which they are offered. */
const FILES: readonly FormFile[] = [
  { id: 'general', version: 1, json: general1 },
  { id: 'safety-report-12350', version: 1, json: safetyReport1 },
  { id: 'group-rental', version: 1, json: groupRental1 },
  { id: 'flood', version: 1, json: flood1 },
  { id: 'flood', version: 2, json: flood2 },
  { id: 'wage-arrears', version: 1, json: wageArrears1 },
  { id: 'wage-arrears', version: 2, json: wageArrears2 },
  { id: 'noise', version: 1, json: noise1 },
  { id: 'noise', version: 2, json: noise2 },
  { id: 'school-admission', version: 1, json: schoolAdmission1 },
  { id: 'medical-insurance', version: 1, json: medicalInsurance1 },
  { id: 'unclear-ownership', version: 1, json: unclearOwnership1 },
  { id: 'epidemic', version: 1, json: epidemic1 },
];

/**
 * Reads a form file.
 * @throws Error naming file, place and reason when it is not a good form or not the one its name says
 */
export function readFormFile({ id, version, json }: FormFile): CompiledForm {
  const name = `resources/forms/${id}.v${version}.json`;
  const form = compileForm(json);
  if (!form.ok) throw new Error(form.error.map((fault) => `${name}: ${describeFault(fault)}`).join('\n'));
  const { definition } = form.value;
  if (definition.id !== id || definition.version !== version) {
    throw new Error(`${name}: holds ${definition.id} version ${definition.version}`);
  }
  return form.value;
}

const read = new Map<FormFile, CompiledForm>();

/** Each file is read when it is first asked for, not at the start of the process. */
function open(file: FormFile | undefined): CompiledForm | null {
  if (!file) return null;
  const known = read.get(file) ?? readFormFile(file);
  read.set(file, known);
  return known;
}

/** One version of a form, or null when this build does not have it. */
export function findForm(id: string, version: number): CompiledForm | null {
  return open(FILES.find((file) => file.id === id && file.version === version));
}

function newestFile(id: string): FormFile | undefined {
  return FILES.filter((file) => file.id === id).toSorted((a, b) => b.version - a.version)[0];
}

/** The newest version of a form, or null when this build does not have the form. */
export function latestForm(id: string): CompiledForm | null {
  return open(newestFile(id));
}

/** The newest version of every form, in the order in which they are offered. */
export function latestForms(): readonly CompiledForm[] {
  const ids = [...new Set(FILES.map((file) => file.id))];
  return ids.flatMap((id) => latestForm(id) ?? []);
}

/** Every version of a form, newest first. */
export function formVersions(id: string): readonly number[] {
  return FILES.filter((file) => file.id === id)
    .map((file) => file.version)
    .toSorted((a, b) => b - a);
}

/**
 * Every label an answer of any version can be shown with (options, units), one a line. Read from the files as they are: checking them all
 * takes a quarter of a second.
 */
export function listAnswerLabels(): string {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { label, value, unit } = node as {
      readonly label?: unknown;
      readonly value?: unknown;
      readonly unit?: unknown;
    };
    const words = [...(value === undefined ? [] : [label]), unit];
    for (const each of words)
      if (typeof each === 'object' && each !== null) found.push(...Object.values(each).map(String));
    for (const child of Object.values(node)) visit(child);
  };
  for (const { json } of FILES) visit(json);
  return found.join('\n');
}
