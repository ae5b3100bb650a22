import type { Catalogue } from '../catalogue.ts';

/** Why the server did not carry out an operation, and what to do about it. */
export const enRefusals: Catalogue['refusals'] = {
  UNKNOWN_KIND: 'The server does not know this operation yet. It stays here and can be sent again after an update.',
  BAD_INPUT: 'The content is not acceptable to the server. Correct it and submit it again, or ask the administrator.',
  HASH_MISMATCH: 'The content changed on the way and was not accepted. Send it again.',
  NOT_STORABLE: 'The server cannot store this. Ask the administrator.',
  OP_ID_TAKEN: 'The server has other content under the same operation id. Send it again; it gets a new id.',
  DEPENDENCY_UNKNOWN: 'The operation before it has not reached the server. Send it again.',
  DEPENDENCY_REJECTED:
    'The operation before it was refused, so this one was not carried out. Sending again or discarding treats both.',
  FORBIDDEN: 'You may not do this, or no longer. Ask your team lead if it is needed.',
  NOT_FOUND: 'The server does not have this record, or you may no longer see it.',
  UID_TAKEN: 'The server has other content under the same id; nothing was recorded twice. Ask the administrator.',
  INTAKE_INCOMPLETE: 'Required fields of the ticket are empty. Complete them and submit it again.',
  FORM_INVALID: 'The special form is not filled in as required. Correct it and submit it again.',
  PARENT_NOT_FOUND: 'The main ticket is not on the server, or you may not see it.',
  PARENT_IS_CHILD: 'The ticket chosen as main ticket is itself merged into another one.',
  HAS_CHILDREN: 'Other tickets are merged into this one, so it cannot itself be merged into another.',
  ALREADY_MERGED: 'The centre has merged the ticket already. Ask your team lead to take it apart.',
  PARENT_NOT_OPEN:
    'The main ticket has its reply already, so nothing was merged. Choose another one or leave it by itself.',
  OTHER_LINE: 'Tickets of 12350 and of 12345 are not merged.',
  PROPOSAL_CHANGED:
    'The proposal was taken back, refused or names another ticket; nothing was merged. Compare and decide anew.',
  FIELDS_CHANGED:
    'Somebody else changed the same field meanwhile; your correction was not written. Compare, then take theirs, yours or merge.',
  TICKET_PASSED_ON:
    'The ticket has left the desk or is closed; its content cannot be changed any more. Add a note instead.',
  STATUS_CHANGED:
    'Somebody else decided about this ticket before you; yours was not carried out. Compare, then accept it or decide anew.',
  WORDS_MISSING: 'A reason has to be given for this.',
  RETURN_TOO_LATE:
    'The time in which it may be returned after its dispatch is over; the unit keeps it. Ask a dispatcher if it is not its matter at all.',
  UNIT_RETURNED:
    'This unit has returned the ticket before and did not get it again. Choose another one, or confirm this one.',
  ROUNDS_SPENT: 'The ticket was returned for the third time: only a joint review can decide who handles it.',
  EXTENSION_SPENT: 'The ticket was extended once and cannot be extended again.',
  STAGES_OPEN:
    'The owner of this matter was marked as unclear: it is closed once it is made safe and its owner is settled. Add these two steps first.',
  CO_ORDERS_OPEN:
    'A helping unit has not answered yet. Wait for it, take its part back, or write why the citizen is answered without it.',
  OVERLAY_STATE: 'This step is not possible in the present state of the ticket. Look at it before you decide again.',
  WAIT_TOO_LONG: 'That is longer than a citizen is waited for at this centre; please choose an earlier time.',
  WAITS_SPENT:
    'That is more than a unit may wait for the citizen in one round, in times or in days. Ask a dispatcher or supervisor if it is needed.',
  OVERLAY_DONE:
    'Somebody else did this first (the order is done, it is safe, or the owner is settled); yours was not added again. Write what is left as progress or a note.',
  NOT_REACHED:
    'Nobody was reached, so the ticket is not closed like this. Note the attempt; after the last one the rule closes it.',
  MERGE_CIRCLE: 'The two citizens point at each other; they cannot be merged like this.',
  RECORD_FULL:
    'The record holds as many numbers or marks as one may; the change was not written. Give it up, take some away and save again.',
  ARTICLE_CHANGED: 'A newer version of the article was published. Check your text against it and propose it again.',
  PROPOSAL_WAITING: 'Another change of the article waits for approval. Propose yours after that.',
  PROPOSAL_GONE: 'The proposal was reviewed or replaced already; nothing was done twice.',
  OWN_PROPOSAL: 'Nobody reviews their own proposal. Another editor, a team lead or an administrator has to.',
  ALREADY_CHECKED: 'Somebody else scored this one first; your score does not count. It stays under “Decided”.',
  OWN_TICKET: 'Nobody checks a ticket of their own; somebody else has to score it.',
  SAME_CHECKER: 'An appeal is settled by a second checker, not by the one who scored first.',
  APPEAL_CLOSED: 'The time to appeal is over, or there was an appeal already. It was not taken.',
  APPEAL_SETTLED: 'Somebody else has settled this appeal; your decision does not count.',
  SHEET_UNKNOWN: 'The server does not have this version of the score sheet. Send it again after an update.',
  NOT_FINISHED: 'This ticket has not come to its end and cannot be checked yet.',
  SEAT_NOT_ON_LINE:
    'That seat does not take this line and got no form; tell them by phone. Discard this to have the form back among your drafts.',
  PAYLOAD_TOO_LARGE: 'This is too large for the server. Shorten it and submit it again, or ask the administrator.',
  INTERNAL:
    'The server failed on this operation repeatedly; it was set aside and the others go on. Send it again later; if that does not help, ask the administrator.',
};

/** Why nobody answered. */
export const enCauses: Catalogue['causes'] = {
  refused: 'The server is not running or refuses connections',
  noAddress: 'The server’s address is not known',
  noRoute: 'There is no way to the server through the network',
  cut: 'The connection was cut',
  timeout: 'No answer in time',
  certificate: 'The server’s certificate is not trusted',
  stranger: 'A device in between answered {{status}}',
  notOurs: 'What answered is not the hotline server',
  tooLong: 'The answer was too long',
  field: 'At: {{field}}',
  decided: '{{name}} was first: {{action}}. The ticket is now “{{status}}”',
  movedOn: 'The ticket is now “{{status}}”',
};
