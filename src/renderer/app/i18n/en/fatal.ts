import type { Catalogue } from '../catalogue.ts';

/** Texts of the screen shown when the console cannot work at all. */
export const enFatal: Catalogue['fatal'] = {
  title: 'The console cannot work right now',
  retry: 'Try again',
};
