import type { Catalogue } from '../catalogue.ts';

/** Texts of kept views. */
export const enViews: Catalogue['views'] = {
  button: 'Views',
  search: 'Search',
  title: 'Views',
  find: 'Name of a view',
  empty:
    'No view is kept yet. Give a queue with its conditions and order a name, and open it by that name later; views stay on this computer.',
  none: 'No view of this name.',
  keys: '↑ ↓ to choose, Enter to open, Delete to remove.',
  removed: '“{{name}}” was removed.',
  bringBack: 'Undo',
  keep: 'Keep what is shown: {{what}}',
  name: 'A name for it',
  save: 'Keep',
  replace: 'Replace the view of this name',
  full: 'No more than {{count}} views: remove one you do not need',
};
