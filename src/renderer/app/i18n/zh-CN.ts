import { zhCNActions } from './zh-CN/actions.ts';
import { zhCNApp } from './zh-CN/app.ts';
import { zhCNAttachments } from './zh-CN/attachments.ts';
import { zhCNBanners } from './zh-CN/banners.ts';
import { zhCNBoard } from './zh-CN/board.ts';
import { zhCNCall } from './zh-CN/call.ts';
import { zhCNCanned } from './zh-CN/canned.ts';
import { zhCNCitizen } from './zh-CN/citizen.ts';
import { zhCNClock } from './zh-CN/clock.ts';
import { zhCNClosing } from './zh-CN/closing.ts';
import { zhCNCoverage } from './zh-CN/coverage.ts';
import { zhCNDuplicates } from './zh-CN/duplicates.ts';
import { zhCNErrors } from './zh-CN/errors.ts';
import { zhCNFatal } from './zh-CN/fatal.ts';
import { zhCNForms } from './zh-CN/forms.ts';
import { zhCNIntake } from './zh-CN/intake.ts';
import { zhCNKnowledge } from './zh-CN/knowledge.ts';
import { zhCNOutbox } from './zh-CN/outbox.ts';
import { zhCNOversight } from './zh-CN/oversight.ts';
import { zhCNPalette } from './zh-CN/palette.ts';
import { zhCNPrivacy } from './zh-CN/privacy.ts';
import { zhCNQuality } from './zh-CN/quality.ts';
import { zhCNCauses, zhCNRefusals } from './zh-CN/refusals.ts';
import { zhCNReminders } from './zh-CN/reminders.ts';
import { zhCNSearch } from './zh-CN/search.ts';
import { zhCNSession } from './zh-CN/session.ts';
import { zhCNSettings } from './zh-CN/settings.ts';
import { zhCNSheet } from './zh-CN/sheet.ts';
import { zhCNShortcuts } from './zh-CN/shortcuts.ts';
import { zhCNStatus } from './zh-CN/status.ts';
import { zhCNTerms } from './zh-CN/terms.ts';
import { zhCNText } from './zh-CN/text.ts';
import { zhCNTickets } from './zh-CN/tickets.ts';
import { zhCNTime } from './zh-CN/time.ts';
import { zhCNViews } from './zh-CN/views.ts';

/** Texts of the console in Chinese. This is the leading catalogue: every other language has to have exactly its keys. */
export const zhCN = {
  terms: zhCNTerms,
  errors: zhCNErrors,
  forms: zhCNForms,
  attachments: zhCNAttachments,
  duplicates: zhCNDuplicates,
  knowledge: zhCNKnowledge,
  refusals: zhCNRefusals,
  causes: zhCNCauses,
  app: zhCNApp,
  text: zhCNText,
  time: zhCNTime,
  clock: zhCNClock,
  session: zhCNSession,
  fatal: zhCNFatal,
  closing: zhCNClosing,
  banners: zhCNBanners,
  status: zhCNStatus,
  call: zhCNCall,
  intake: zhCNIntake,
  canned: zhCNCanned,
  citizen: zhCNCitizen,
  coverage: zhCNCoverage,
  quality: zhCNQuality,
  board: zhCNBoard,
  reminders: zhCNReminders,
  tickets: zhCNTickets,
  oversight: zhCNOversight,
  privacy: zhCNPrivacy,
  search: zhCNSearch,
  views: zhCNViews,
  outbox: zhCNOutbox,
  sheet: zhCNSheet,
  settings: zhCNSettings,
  palette: zhCNPalette,
  shortcuts: zhCNShortcuts,
  actions: zhCNActions,
} as const;
