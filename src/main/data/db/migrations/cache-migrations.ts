import type { Migration } from '../migrate.ts';
import { firstTables } from './0010-first-tables.ts';
import { noteDrafts } from './0020-note-drafts.ts';
import { records } from './0030-records.ts';
import { searchQueues } from './0040-search-queues.ts';
import { listIndex } from './0050-list-index.ts';
import { articles } from './0060-articles.ts';
import { pullRounds } from './0070-pull-rounds.ts';
import { calls } from './0080-calls.ts';
import { categoryChoices } from './0090-category-choices.ts';
import { outboxReasons } from './0100-outbox-reasons.ts';
import { joinedDrafts } from './0110-joined-drafts.ts';
import { attachments } from './0120-attachments.ts';
import { citizenNames } from './0140-citizen-names.ts';
import { articleUnits } from './0150-article-units.ts';
import { lostNotes } from './0160-lost-notes.ts';
import { draftsByCall } from './0170-drafts-by-call.ts';
import { settledOps } from './0180-settled-ops.ts';
import { carriedWork } from './0190-carried-work.ts';
import { dueIndex } from './0200-due-index.ts';
import { monthlyScopes } from './0210-monthly-scopes.ts';
import { discardedDrafts } from './0220-discarded-drafts.ts';
import { supervised } from './0240-supervised.ts';
import { callListAndClusters } from './0260-call-list-and-clusters.ts';
import { checks } from './0270-checks.ts';
import { queueOrder } from './0280-queue-order.ts';
import { unitLoads } from './0290-unit-loads.ts';
import { reminders } from './0300-reminders.ts';
import { queueTurns } from './0310-queue-turns.ts';
import { jointQueue } from './0320-joint-queue.ts';
import { waitingAndElsewhere } from './0330-waiting-and-elsewhere.ts';
import { articleInitials } from './0340-article-initials.ts';
import { acrossByCreation } from './0350-across-by-creation.ts';
import { carriedFiles } from './0360-carried-files.ts';
import { leftOutTickets } from './0370-left-out-tickets.ts';
import { answersBesideDocuments } from './0380-answers-beside-documents.ts';
import { openByPhone } from './0390-open-by-phone.ts';
import { earlyCitizens } from './0400-early-citizens.ts';

/** Every step of the cache's schema, in order. */
export const CACHE_MIGRATIONS: readonly Migration[] = [
  firstTables,
  noteDrafts,
  records,
  searchQueues,
  listIndex,
  articles,
  pullRounds,
  calls,
  categoryChoices,
  outboxReasons,
  joinedDrafts,
  attachments,
  citizenNames,
  articleUnits,
  lostNotes,
  draftsByCall,
  settledOps,
  carriedWork,
  dueIndex,
  monthlyScopes,
  discardedDrafts,
  supervised,
  callListAndClusters,
  checks,
  queueOrder,
  unitLoads,
  reminders,
  queueTurns,
  jointQueue,
  waitingAndElsewhere,
  articleInitials,
  acrossByCreation,
  carriedFiles,
  leftOutTickets,
  answersBesideDocuments,
  openByPhone,
  earlyCitizens,
];
