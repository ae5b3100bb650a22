import type { Catalogue } from '../catalogue.ts';

/** Texts of the lines above a page: the data process, the disk, the first sync. */
export const enBanners: Catalogue['banners'] = {
  restarting:
    'The local data service is restarting (attempt {{attempt}}). Your text stays in the form and is saved as soon as it is back.',
  reconnecting:
    'Reconnecting to the local data service. Your text stays in the form and is saved as soon as it is back.',
  diskFull:
    'The disk is full, so nothing new can be stored. Your text stays in the form; free some space and it is saved by itself.',
  readOnly:
    'The data folder cannot be written. Your text stays in the form; ask your administrator, then it is saved by itself.',
  relock:
    'The local data service was restarted and needs the password again. Your text stays in the form and is saved after unlocking.',
  relockInCall:
    'The call goes on. The local data service was restarted and needs the password again; your text stays in the form and is saved after unlocking.',
  firstSync: 'First sync: {{done}} of {{total}} received. You can take calls and write tickets meanwhile.',
  firstSyncEta: 'about {{time}} left',
};
