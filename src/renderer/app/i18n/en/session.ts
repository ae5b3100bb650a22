import type { Catalogue } from '../catalogue.ts';

/** Texts of signing in and unlocking. */
export const enSession: Catalogue['session'] = {
  title: 'Sign in to the console',
  unlockTitle: 'Unlock the console',
  account: 'Account',
  password: 'Password',
  submit: 'Sign in',
  unlock: 'Unlock',
  profiles: 'Accounts on this computer',
  profilesHint: 'Can be unlocked without a network',
  demoTitle: 'Demo accounts',
  demoHint: 'Press the digit to enter',
  demoHintLocked: 'Click to enter',
  wait: 'Try again in {{time}}',
  call: {
    ringing: 'A call is ringing. Unlock to take it',
    going: 'The call goes on. Unlock to return to your form',
    held: 'The citizen is still on hold. Unlock to take the call back',
  },
  server: {
    unknown: 'Looking for the server…',
    unreachable: 'The central server cannot be reached',
    unreachableWithProfile:
      'The central server cannot be reached. Accounts on this computer can still be unlocked; tickets are kept here meanwhile',
    unreachableNoProfile:
      'The central server cannot be reached. The first sign-in needs it; check the network, this screen goes on by itself',
    notConfiguredWithProfile:
      'No central server is set, so tickets stay on this computer. Ask your administrator to name it as serverUrl in {{file}}, then open the console again',
    notConfiguredNoProfile:
      'No central server is set, so signing in is not possible. Ask your administrator to name it as serverUrl in {{file}}, then open the console again',
    preparing: 'The server is preparing the demo data',
    preparingCount: '{{done}} / {{total}}',
    ready: 'The server is ready',
    'wrong-mode':
      'Server and console run in different modes (demo / production), so signing in is not possible. Ask your administrator to check the server address',
  },
  keyringUnreadable:
    'The system keyring does not open, so accounts on this computer may not unlock. Nothing was changed; sign in to the desktop, then open the console again',
  capsLock: 'Caps Lock is on',
};
