import { BOARD_IDS } from './test-ids/board-ids.ts';
import { CALL_IDS } from './test-ids/call-ids.ts';
import { INTAKE_IDS } from './test-ids/intake-ids.ts';
import { KNOWLEDGE_IDS } from './test-ids/knowledge-ids.ts';
import { OUTBOX_IDS } from './test-ids/outbox-ids.ts';
import { OVERSIGHT_IDS } from './test-ids/oversight-ids.ts';
import { QUALITY_IDS } from './test-ids/quality-ids.ts';
import { REMINDER_IDS } from './test-ids/reminder-ids.ts';
import { TICKET_IDS } from './test-ids/ticket-ids.ts';
import { WINDOW_IDS } from './test-ids/window-ids.ts';

/**
 * Stable `data-testid` values of the elements that tests and assistive scripts look for.
 * Ids with a parameter are functions. Texts change with the language, these do not.
 */
export const TEST_IDS = {
  ...WINDOW_IDS,
  ...CALL_IDS,
  ...INTAKE_IDS,
  ...TICKET_IDS,
  ...OVERSIGHT_IDS,
  ...KNOWLEDGE_IDS,
  ...QUALITY_IDS,
  ...BOARD_IDS,
  ...REMINDER_IDS,
  ...OUTBOX_IDS,
} as const;
