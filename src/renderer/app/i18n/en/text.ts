import type { Catalogue } from '../catalogue.ts';

/** What is said at any field about the text in it. */
export const enText: Catalogue['text'] = {
  tooLong: '{{count}} characters, at most {{max}}; shorten it, nothing is lost',
  unstorable: 'It holds characters that cannot be stored; delete and retype them, nothing is lost',
};
