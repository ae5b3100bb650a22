import type { ReactNode } from 'react';
import type { IntakeContent, IntakeField, IntakeProblem } from '#shared/domain/intake.ts';
import type { IntakeChange } from './draft-engines.ts';

/** What every part of the form needs. */
export interface FormPart {
  readonly content: IntakeContent;
  readonly change: (change: IntakeChange) => void;
  readonly problems: readonly IntakeProblem[];
  readonly required: ReadonlySet<IntakeField>;
  readonly disabled: boolean;
  readonly centre: string;
  /** False while another page is shown: the keys of the form are not its own then. */
  readonly isActive: boolean;
  /** Set by the files of the draft: takes what was dropped or pasted anywhere in the form. */
  readonly takeFiles: { current: ((files: readonly File[]) => void) | null };
  /** The special form, at the end of the fixed fields. */
  readonly special: ReactNode;
}
