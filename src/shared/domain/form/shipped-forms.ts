import epidemic1 from '#resources/forms/epidemic.v1.json' with { type: 'json' };
import flood1 from '#resources/forms/flood.v1.json' with { type: 'json' };
import flood2 from '#resources/forms/flood.v2.json' with { type: 'json' };
import general1 from '#resources/forms/general.v1.json' with { type: 'json' };
import groupRental1 from '#resources/forms/group-rental.v1.json' with { type: 'json' };
import medicalInsurance1 from '#resources/forms/medical-insurance.v1.json' with { type: 'json' };
import noise1 from '#resources/forms/noise.v1.json' with { type: 'json' };
import safetyReport1 from '#resources/forms/safety-report-12350.v1.json' with { type: 'json' };
import schoolAdmission1 from '#resources/forms/school-admission.v1.json' with { type: 'json' };
import unclearOwnership1 from '#resources/forms/unclear-ownership.v1.json' with { type: 'json' };
import wageArrears1 from '#resources/forms/wage-arrears.v1.json' with { type: 'json' };
import type { CompiledForm } from './compiled-form.ts';
import { compileForm } from './form-compile.ts';
import { describeFault } from './form-faults.ts';

/** Every version of every form, by file name; the order of the forms is the order in which they are offered. */
const FILES: readonly (readonly [string, unknown])[] = [
  ['general.v1.json', general1],
  ['safety-report-12350.v1.json', safetyReport1],
  ['group-rental.v1.json', groupRental1],
  ['flood.v1.json', flood1],
  ['flood.v2.json', flood2],
  ['wage-arrears.v1.json', wageArrears1],
  ['noise.v1.json', noise1],
  ['school-admission.v1.json', schoolAdmission1],
  ['medical-insurance.v1.json', medicalInsurance1],
  ['unclear-ownership.v1.json', unclearOwnership1],
  ['epidemic.v1.json', epidemic1],
];

/** Versions by form id, oldest first. */
type Catalogue = ReadonlyMap<string, readonly CompiledForm[]>;

/**
 * Reads form files into a catalogue.
 * @throws Error naming file, place and reason of the first file that is not a good form
 */
export function readForms(files: readonly (readonly [string, unknown])[]): Catalogue {
  const forms = files.map(([name, json]) => {
    const form = compileForm(json);
    const [fault] = form.ok ? [] : form.error;
    if (!form.ok) throw new Error(`resources/forms/${name}: ${fault ? describeFault(fault) : 'not a form'}`);
    const { id, version } = form.value.definition;
    if (name !== `${id}.v${version}.json`) throw new Error(`resources/forms/${name}: holds ${id} version ${version}`);
    return form.value;
  });
  const byId = Map.groupBy(forms, (form) => form.definition.id);
  for (const versions of byId.values()) versions.sort((a, b) => a.definition.version - b.definition.version);
  return byId;
}

let catalogue: Catalogue | null = null;

/** Read at the first question, not at the start of the process. */
function forms(): Catalogue {
  catalogue ??= readForms(FILES);
  return catalogue;
}

/** One version of a form, or null when this build does not have it. */
export function findForm(id: string, version: number): CompiledForm | null {
  return (
    forms()
      .get(id)
      ?.find((form) => form.definition.version === version) ?? null
  );
}

/** The newest version of a form, or null when this build does not have the form. */
export function latestForm(id: string): CompiledForm | null {
  return forms().get(id)?.at(-1) ?? null;
}

/** The newest version of every form, in the order in which they are offered. */
export function latestForms(): readonly CompiledForm[] {
  return [...forms().values()].flatMap((versions) => versions.slice(-1));
}
