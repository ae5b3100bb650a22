import type { Catalogue } from '../catalogue.ts';

/** Texts of the list of canned texts that opens with a slash. */
export const enCanned: Catalogue['canned'] = {
  label: 'Canned texts',
  hint: '↑ ↓ choose　Enter inserts　Esc keeps the slash',
};
