import type { Migration } from '../db/migrate.ts';
import { migration as foundation } from './0010-foundation.ts';
import { migration as shift } from './0020-shift.ts';
import { migration as promises } from './0030-promises.ts';
import { migration as callReveals } from './0040-call-reveals.ts';
import { migration as attachments } from './0050-attachments.ts';
import { migration as attachmentsByPerson } from './0060-attachments-by-person.ts';
import { migration as segments } from './0070-segments.ts';
import { migration as retention } from './0080-retention.ts';
import { migration as consoleKeys } from './0090-console-keys.ts';
import { migration as decisions } from './0100-decisions.ts';
import { migration as monthlyScopes } from './0110-monthly-scopes.ts';
import { migration as ticketClocks } from './0120-ticket-clocks.ts';
import { migration as units } from './0130-units.ts';
import { migration as unitWebhooks } from './0131-unit-webhooks.ts';
import { migration as open311 } from './0132-open311.ts';
import { migration as coUnits } from './0133-co-units.ts';
import { migration as overlays } from './0140-overlays.ts';
import { migration as board } from './0160-board.ts';
import { migration as unitReminders } from './0161-unit-reminders.ts';
import { migration as flows } from './0170-flows.ts';
import { migration as allHandOvers } from './0180-all-hand-overs.ts';
import { migration as orderUnits } from './0190-order-units.ts';
import { migration as teams } from './0200-teams.ts';
import { migration as repliesByUnit } from './0210-replies-by-unit.ts';
import { migration as mergedCitizens } from './0220-merged-citizens.ts';

/** All migrations in order. A released one is never edited; a change is a new file with a larger number. */
export const MIGRATIONS: readonly Migration[] = [
  foundation,
  shift,
  promises,
  callReveals,
  attachments,
  attachmentsByPerson,
  segments,
  retention,
  consoleKeys,
  decisions,
  monthlyScopes,
  ticketClocks,
  units,
  unitWebhooks,
  open311,
  coUnits,
  overlays,
  board,
  unitReminders,
  flows,
  allHandOvers,
  orderUnits,
  teams,
  repliesByUnit,
  mergedCitizens,
];
