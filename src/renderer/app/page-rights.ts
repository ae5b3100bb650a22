import { seesBoard } from '#shared/domain/board/seat-report.ts';
import { seesChecks } from '#shared/domain/quality/check.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { Page } from './route.store.ts';
import { isReminded } from './use-reminders.ts';

/** Whether a page is there for a role. */
export function mayOpen(page: Page, role: Role): boolean {
  if (page === 'quality') return seesChecks(role);
  if (page === 'board') return seesBoard(role);
  if (page === 'reminders') return isReminded(role);
  return true;
}
