import type { Catalogue } from '../catalogue.ts';

/** What happened, what is kept, what to do now. */
export const enErrors: Catalogue['errors'] = {
  BAD_INPUT: 'Something in it is not acceptable. The text is kept; check what is marked.',
  PAYLOAD_TOO_LARGE: 'It is too large. The text is kept; shorten it and try again.',
  NOT_FOUND: 'It is not on this computer and may not have been synced yet. Nothing else is affected.',
  NOT_UNLOCKED: 'The console is locked. The text is kept and goes on after unlocking.',
  BAD_CREDENTIALS: 'Account or password is wrong. Enter them again.',
  TOO_MANY_TRIES: 'Too many wrong passwords; no further try is possible for now. The local data was not changed.',
  ACCOUNT_DISABLED: 'The account is disabled. The local data was not changed; ask your administrator.',
  UNAUTHENTICATED: 'The sign-in has expired. Everything is on this computer; sign in again to go on syncing.',
  FORBIDDEN: 'You are not allowed to do this. Nothing was changed; ask your team lead if you need it.',
  TOKEN_REUSED: 'The sign-in is no longer valid. Everything is on this computer; sign in again.',
  WEAK_PASSWORD: 'The new password is too simple. It was not changed; choose one that follows the rule below.',
  OLD_PASSWORD_NEEDED:
    'The password was changed elsewhere. The local data was not changed; unlock once more with the old password, then change it here too.',
  OFFLINE: 'The central server cannot be reached. Everything is on this computer and goes on once it is back.',
  NOT_CONFIGURED:
    'No central server is set for this console. Everything is on this computer; ask your administrator to set it, then open the console again.',
  MODE_MISMATCH:
    'Server and console run in different modes (demo / production). Nothing was sent; ask your administrator to check the server address.',
  DISK_FULL: 'The disk is full. What was saved is safe; free some space and try again.',
  READ_ONLY:
    'The data folder cannot be written. What was saved is safe; ask your administrator to check its permissions.',
  BAD_CONFIG:
    'The configuration of this workstation cannot be used, so the console did not start. No data was changed; ask your administrator to correct what is named below.',
  DATABASE_DAMAGED:
    'The local data file was damaged and has been set aside, not deleted. Tickets not yet synced were brought back; unlock once more, past tickets are fetched from the server again.',
  DATABASE_NEWER: 'The local data was written by a newer version. It was not changed; update the console.',
  DATABASE_BUSY:
    'Another console window is using the local data. It was not changed; close that window, then try again.',
  KEYRING_UNAVAILABLE:
    'The system keyring does not open, so the local data cannot be unlocked. It was not changed; sign in to the desktop and try again, or ask your administrator.',
  DRAFT_STALE: 'The draft was changed elsewhere. Both texts are kept and are being joined.',
  DRAFT_SUBMITTED: 'This draft has already become a ticket; it was not submitted twice.',
  RECORD_CHANGED:
    'Somebody else has just changed this record, so it was not saved. What you typed is kept; check it against the newest content and save again.',
  SAME_PERSON: 'Both records belong to one person already; nothing was changed.',
  INTAKE_INCOMPLETE: 'Required fields are empty. The text is kept; complete what is marked.',
  ARTICLE_CHANGED:
    'A newer version of this article was published while you edited. Your text is kept; check it against the new version and propose it again.',
  PROPOSAL_WAITING:
    'Another change of this article is waiting for review. Your text is kept; propose it once that one is decided.',
  PROPOSAL_GONE:
    'This change was decided already, or replaced by its author. Nothing was done twice; look at the latest state.',
  CANNOT_LINK:
    'This merge is not possible: not under itself, not with children of its own, and what the centre has merged is for the centre.',
  FLOW_REFUSED: 'This was received or answered before, or did not go to you.',
  ACT_REFUSED: 'This cannot be done now: the ticket has moved on, or the rules do not allow it.',
  ALREADY_CHECKED: 'Somebody else scored this one first. Nothing was scored twice; look at what they found.',
  OWN_TICKET: 'Nobody checks a ticket of their own; somebody else has to score it.',
  SAME_CHECKER: 'An appeal is settled by a second checker, not by the one who scored first.',
  APPEAL_CLOSED: 'The time to appeal is over, or there was an appeal already. It was not taken.',
  APPEAL_SETTLED: 'Somebody else has settled this appeal. Nothing was done twice.',
  SHEET_UNKNOWN:
    'This console does not have this version of the score sheet. Nothing was scored; update the console first.',
  NOT_FINISHED: 'This ticket has not come to its end and cannot be checked yet.',
  NO_PRINTER: 'Not printed: no printer is available, or it refused the job. Save a PDF instead.',
  CARRIED_FOREIGN:
    'This file cannot be brought in here: it is not a file of unsent work, or of another centre, or was saved on this very computer. It is unchanged.',
  CARRIED_DAMAGED:
    'The file is damaged or was changed; nothing was brought in. The work is still at its own seat: save it there again.',
  CARRIED_PASSPHRASE: 'The passphrase is wrong; nothing was brought in. Check the one chosen when the file was saved.',
  CARRIED_TWICE: 'This file was brought in before; nothing was recorded twice.',
  CARRIED_CUT:
    'The work was brought in, but the attachments in the file are not complete. Bring a whole file in again; no work is recorded twice.',
  ATTACHMENT_TOO_LARGE:
    'The file is larger than 20 MB and was not taken. Make it smaller, split it, or ask for it on paper.',
  ATTACHMENT_EMPTY: 'The file is empty and was not taken. Please choose again.',
  ATTACHMENT_TYPE:
    'Files of this kind are not taken. Photos, recordings, video (MP4), PDF, Word (docx), Excel (xlsx, without macros) and plain text are.',
  ATTACHMENT_DAMAGED:
    'The file is damaged and does not open. Nothing else is affected; add it again if the original is still there.',
  ATTACHMENT_GONE:
    'The file is no longer on this computer and was not sent. Nothing else is affected; add it again if the original is still there.',
  ATTACHMENT_QUOTA:
    'Too many of your files are at the server without a ticket that names them, so it takes no more for now. All files are kept here and go on their own once their tickets are registered; please correct refused tickets first.',
  ATTACHMENT_MISSING:
    'The file is neither here nor at the server yet. The seat that added it sends it as soon as it is online; please try again later.',
  OWN_PROPOSAL: 'Nobody reviews their own change. Ask another editor, a team lead or an administrator.',
  OUTCOME_UNKNOWN:
    'The local data service was interrupted. The text is kept; it is checked when the service is back, nothing is done twice.',
  SHUTTING_DOWN:
    'The local data service is restarting, nothing was done yet. The text is kept and goes on in a moment.',
  SYNC_GAP: 'The order differs from the server’s and is being repaired. Everything is on this computer.',
  IDENTITY_CLASH:
    'The server has different content under the same id. The local content is kept; ask your administrator.',
  PROTOCOL_TOO_OLD:
    'This console is too old to be given anything new by the server. What is done here is kept and still handed in; update it soon.',
  SCOPE_EPOCH_CHANGED: 'The server’s data was rebuilt and is synced anew. What was not sent is kept here.',
  SCOPE_TOO_OLD: 'The console was offline for too long and syncs anew. What was not sent is kept here.',
  NOT_READY: 'The server is still getting ready. Everything is on this computer and goes on by itself.',
  RATE_LIMITED: 'Too many requests; it is tried again in a moment. Everything is on this computer.',
  INTERNAL:
    'Something went wrong inside the console. What was saved is safe; try again, and tell your administrator if it stays.',
};
