import { MAX_FORM_FIELDS } from '../ticket.ts';
import type { FormDefinition, FormField, FormOption } from './form-definition.ts';
import { type FormFault, toPointer } from './form-faults.ts';

type Path = readonly (string | number)[];

/** What the shape of a form cannot say: ids once, options once, choices that exist, ranges the right way round. */
export function checkStructure(definition: FormDefinition): readonly FormFault[] {
  const faults: FormFault[] = [];
  const sections = new Set<string>();
  const seen = new Map<string, FormField>();
  for (const [index, section] of definition.sections.entries()) {
    if (sections.has(section.id)) faults.push(fault(['sections', index, 'id'], 'ID_TWICE', section.id));
    sections.add(section.id);
    for (const [at, field] of section.fields.entries()) {
      const path: Path = ['sections', index, 'fields', at];
      if (seen.has(field.id)) faults.push(fault([...path, 'id'], 'ID_TWICE', field.id));
      faults.push(...checkField(field, path, seen));
      seen.set(field.id, field);
    }
  }
  if (seen.size > MAX_FORM_FIELDS) {
    faults.push(fault(['sections'], 'TOO_MANY_FIELDS', String(seen.size), `≤ ${MAX_FORM_FIELDS}`));
  }
  return faults;
}

function checkField(field: FormField, path: Path, above: ReadonlyMap<string, FormField>): readonly FormFault[] {
  switch (field.type) {
    case 'single-choice':
    case 'multiple-choice':
      return checkOptions(field.options, [...path, 'options']);
    case 'dependent-choice':
      return checkBranches(field, path, above);
    case 'number':
    case 'money':
      return field.min !== undefined && field.max !== undefined && field.min > field.max
        ? [fault([...path, 'min'], 'MIN_ABOVE_MAX', String(field.min), `≤ ${field.max}`)]
        : [];
    case 'computed':
      return checkOptions(field.options ?? [], [...path, 'options']);
    default:
      return [];
  }
}

function checkOptions(options: readonly FormOption[], path: Path): readonly FormFault[] {
  const values = options.map((option) => option.value);
  return values.flatMap((value, index) =>
    values.indexOf(value) < index ? [fault([...path, index, 'value'], 'OPTION_TWICE', value)] : [],
  );
}

/** The choice above has to stand above, and every branch has to belong to one of its options. */
function checkBranches(
  field: Extract<FormField, { type: 'dependent-choice' }>,
  path: Path,
  above: ReadonlyMap<string, FormField>,
): readonly FormFault[] {
  const parent = above.get(field.dependsOn);
  const parentOptions = parent ? choiceValues(parent) : null;
  if (!parentOptions) {
    const choices = [...above.values()].filter((one) => choiceValues(one)).map((one) => one.id);
    return [fault([...path, 'dependsOn'], 'NO_SUCH_CHOICE', field.dependsOn, choices.join(', '))];
  }
  return Object.entries(field.branches).flatMap(([value, options]) => [
    ...(parentOptions.has(value)
      ? []
      : [fault([...path, 'branches', value], 'NO_SUCH_OPTION', value, [...parentOptions].join(', '))]),
    ...checkOptions(options, [...path, 'branches', value]),
  ]);
}

/** Values of a choice others can depend on; null for every other field. */
function choiceValues(field: FormField): ReadonlySet<string> | null {
  if (field.type === 'single-choice') return new Set(field.options.map((option) => option.value));
  if (field.type !== 'dependent-choice') return null;
  return new Set(Object.values(field.branches).flatMap((options) => options.map((option) => option.value)));
}

function fault(path: Path, code: FormFault['code'], found: string, expected = ''): FormFault {
  return { path: toPointer(path), code, found, expected };
}
