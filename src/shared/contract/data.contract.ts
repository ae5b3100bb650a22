import { attachmentsContract } from './attachments.contract.ts';
import { boardDataContract } from './board-data.contract.ts';
import { callsContract, colleaguesContract } from './calls.contract.ts';
import { changesContract } from './changes.contract.ts';
import { citizensContract } from './citizen.contract.ts';
import { draftsContract, notesContract } from './drafts.contract.ts';
import { duplicatesContract } from './duplicates.contract.ts';
import { knowledgeContract } from './knowledge.contract.ts';
import { outboxContract } from './outbox.contract.ts';
import { privacyContract } from './privacy.contract.ts';
import { qualityContract } from './quality.contract.ts';
import { remindersContract } from './reminders.contract.ts';
import { sessionContract } from './session.contract.ts';
import { suggestContract } from './suggest.contract.ts';
import { syncContract } from './sync.contract.ts';
import { ticketsContract } from './tickets.contract.ts';
import { viewsContract } from './views.contract.ts';

/** Renderer ↔ data process, over one MessagePort per window. */
export const dataContract = {
  session: sessionContract,
  changes: changesContract,
  drafts: draftsContract,
  duplicates: duplicatesContract,
  notes: notesContract,
  calls: callsContract,
  colleagues: colleaguesContract,
  citizens: citizensContract,
  privacy: privacyContract,
  tickets: ticketsContract,
  views: viewsContract,
  attachments: attachmentsContract,
  suggest: suggestContract,
  knowledge: knowledgeContract,
  quality: qualityContract,
  board: boardDataContract,
  reminders: remindersContract,
  outbox: outboxContract,
  sync: syncContract,
};
