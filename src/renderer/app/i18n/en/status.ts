import type { Catalogue } from '../catalogue.ts';

/** Texts of the status bar. */
export const enStatus: Catalogue['status'] = {
  online: 'Connected',
  offline: 'Not connected',
  refused: 'Refused by the server',
  'never-tried': 'Not connected yet',
  lastSuccess: 'last success {{age}}',
  neverSuccess: 'no success yet',
  nextTry: 'next try in {{time}}',
  tryingNow: 'trying now',
  outbox: 'Outbox {{count}}',
  attention: '{{count}} of them refused',
  syncing: 'Syncing {{done}} / {{total}}',
  scope: '{{tickets}} · {{citizens}} here',
  tickets: '{{number}} tickets',
  tickets_one: '{{number}} ticket',
  citizens: '{{number}} citizens',
  citizens_one: '{{number}} citizen',
  parityEqual: 'Same as the server',
  parityDifferent: 'Differs from the server; it is checked again by itself',
  parityHeld: 'Records are no longer on the server; somebody has to decide',
  held: 'To decide {{count}}',
  parityUnknown: 'Not compared with the server yet',
  storageDiskFull: 'Disk full',
  storageReadOnly: 'Cannot write',
  centre: '{{centre}} · {{line}}',
};
