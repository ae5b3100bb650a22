import type { Catalogue } from '../catalogue.ts';

/** Texts of looking at personal data that is masked. */
export const enPrivacy: Catalogue['privacy'] = {
  masked: 'Citizen data is masked',
  look: 'Show {{what}}',
  why: 'Why is the {{what}} needed',
  shown: '{{what}} shown, ',
  secondsLeft: 'hidden in {{count}} s',
  hide: 'Hide',
  confirm: 'Log and show',
  logged: 'Who looks, when and why is logged and sent first; then it is shown for 30 seconds.',
  otherHint: 'State the reason',
  failed: 'Not shown: {{reason}}',
  field: {
    ticket: { phone: 'phone', name: 'name', address: 'address', form: 'content' },
    citizen: { phone: 'phone', name: 'name', address: 'address', form: 'remark' },
    call: { phone: 'phone', name: 'name', address: 'address', form: 'content' },
  },
  reason: { callBack: 'Call back', unit: 'Unit asks', identity: 'Check caller', other: 'Other' },
};
