import type { Catalogue } from './catalogue.ts';
import { enActions } from './en/actions.ts';
import { enApp } from './en/app.ts';
import { enAttachments } from './en/attachments.ts';
import { enBanners } from './en/banners.ts';
import { enBoard } from './en/board.ts';
import { enCall } from './en/call.ts';
import { enCanned } from './en/canned.ts';
import { enCitizen } from './en/citizen.ts';
import { enClock } from './en/clock.ts';
import { enClosing } from './en/closing.ts';
import { enCoverage } from './en/coverage.ts';
import { enDuplicates } from './en/duplicates.ts';
import { enErrors } from './en/errors.ts';
import { enFatal } from './en/fatal.ts';
import { enForms } from './en/forms.ts';
import { enIntake } from './en/intake.ts';
import { enKnowledge } from './en/knowledge.ts';
import { enOutbox } from './en/outbox.ts';
import { enOversight } from './en/oversight.ts';
import { enPalette } from './en/palette.ts';
import { enPrivacy } from './en/privacy.ts';
import { enQuality } from './en/quality.ts';
import { enCauses, enRefusals } from './en/refusals.ts';
import { enReminders } from './en/reminders.ts';
import { enSearch } from './en/search.ts';
import { enSession } from './en/session.ts';
import { enSettings } from './en/settings.ts';
import { enSheet } from './en/sheet.ts';
import { enShortcuts } from './en/shortcuts.ts';
import { enStatus } from './en/status.ts';
import { enTerms } from './en/terms.ts';
import { enText } from './en/text.ts';
import { enTickets } from './en/tickets.ts';
import { enTime } from './en/time.ts';
import { enViews } from './en/views.ts';

/** Texts of the console in English, for contributors and demonstrations. */
export const en: Catalogue = {
  terms: enTerms,
  errors: enErrors,
  forms: enForms,
  attachments: enAttachments,
  duplicates: enDuplicates,
  knowledge: enKnowledge,
  refusals: enRefusals,
  causes: enCauses,
  app: enApp,
  text: enText,
  time: enTime,
  clock: enClock,
  session: enSession,
  fatal: enFatal,
  closing: enClosing,
  banners: enBanners,
  status: enStatus,
  call: enCall,
  intake: enIntake,
  canned: enCanned,
  citizen: enCitizen,
  coverage: enCoverage,
  quality: enQuality,
  board: enBoard,
  reminders: enReminders,
  tickets: enTickets,
  oversight: enOversight,
  privacy: enPrivacy,
  search: enSearch,
  views: enViews,
  outbox: enOutbox,
  sheet: enSheet,
  settings: enSettings,
  palette: enPalette,
  shortcuts: enShortcuts,
  actions: enActions,
};
