import { useEffect, useState } from 'react';
import type { CompiledForm } from '#shared/domain/form/compiled-form.ts';
import type { Line } from '#shared/domain/roles.ts';

/** The forms of this build. */
export interface FormLibrary {
  /** One version of a form, null when this build does not have it. */
  readonly find: (id: string, version: number) => CompiledForm | null;
  /** The newest version of every form. */
  readonly all: () => readonly CompiledForm[];
  /** Every version of a form, newest first. */
  readonly versions: (id: string) => readonly number[];
  readonly ofLine: (line: Line) => readonly CompiledForm[];
  readonly opening: (ofCategory: string | null, line: Line) => CompiledForm | null;
}

let loaded: FormLibrary | null = null;
let loading: Promise<FormLibrary> | null = null;

/** Loads the forms, once. They are not part of the first paint. */
export function loadForms(): Promise<FormLibrary> {
  loading ??= Promise.all([
    import('#shared/domain/form/shipped-forms.ts'),
    import('#shared/domain/form/form-choice.ts'),
  ]).then(([shipped, choice]) => {
    loaded = {
      find: shipped.findForm,
      all: shipped.latestForms,
      versions: shipped.formVersions,
      ofLine: choice.formsOfLine,
      opening: choice.openingForm,
    };
    return loaded;
  });
  return loading;
}

/** The forms, or null until they are there. */
export function useForms(): FormLibrary | null {
  const [library, setLibrary] = useState(loaded);
  useEffect(() => {
    if (!library) void loadForms().then(setLibrary);
  }, [library]);
  return library;
}
