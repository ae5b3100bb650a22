import type { FormField, FormOption } from './form-definition.ts';
import type { FormData } from './form-value.ts';

/** The options an answer came from; for a dependent choice those of the branch it was in. */
export function optionsOfAnswer(field: FormField, data: FormData): readonly FormOption[] {
  switch (field.type) {
    case 'single-choice':
    case 'multiple-choice':
      return field.options;
    case 'computed':
      return field.options ?? [];
    case 'dependent-choice': {
      const above = data[field.dependsOn];
      const branch = typeof above === 'string' && Object.hasOwn(field.branches, above) ? field.branches[above] : [];
      return branch ?? [];
    }
    default:
      return [];
  }
}
