import type { Catalogue } from '../catalogue.ts';

/** What is said at any field about the text in it. */
export const enText: Catalogue['text'] = {
  tooLong: '{{count}} characters, at most {{max}}; shorten it, nothing is lost',
  longName: '“{{name}}…” is too long, a name has at most {{max}} characters; separate names by commas',
  manyNames: '{{count}} names, at most {{max}}',
  untaken: 'Nothing chosen yet. {{hint}}',
  untakenStays: 'Nothing chosen yet, it is still “{{chosen}}”. {{hint}}',
  takeOne: 'Take one from the list',
  unstorable: 'It holds characters that cannot be stored; delete and retype them, nothing is lost',
};
