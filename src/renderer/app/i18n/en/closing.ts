import type { Catalogue } from '../catalogue.ts';

/** Texts of the question before the console closes. */
export const enClosing: Catalogue['closing'] = {
  call: {
    title: 'There is a call. Close the console?',
    text: 'Closing the console ends this call. What you wrote is stored on this computer first and is there next time.',
    stay: 'Keep it open',
    close: 'End the call and close',
  },
  unsaved: {
    title: 'Some text is not on this computer’s disk yet',
    text: 'Closing now loses what was typed last. See the message below, and close once saving has worked.',
    stay: 'Keep it open',
    close: 'Close all the same',
  },
};
