import { implement } from '@orpc/server';
import { dataContract } from '#shared/contract/data.contract.ts';
import { countCached } from '../repositories/scope.repository.ts';
import { countUnitLoads } from '../repositories/unit-load.repository.ts';
import { countQueueChildren, countQueues, decideTickets } from '../services/act.service.ts';
import { amendTicket } from '../services/amend.service.ts';
import { getWrapUpMs, recordCall, saveWrapUpMs } from '../services/call.service.ts';
import { countMissed, getCall, listCallIds, listCallRows } from '../services/call-log.service.ts';
import { listColleagues } from '../services/colleague.service.ts';
import {
  discardDraft,
  getDraft,
  listDiscarded,
  listDrafts,
  openDraft,
  restoreDraft,
  saveDraft,
} from '../services/draft.service.ts';
import { findDuplicates } from '../services/duplicate.service.ts';
import { chooseCachePolicy, fetchOlder, getCoverage, searchOlder } from '../services/history.service.ts';
import { countFilesLeftOut, joinDraft, planLink, separateDraft } from '../services/join-draft.service.ts';
import { getRelations, unlinkTicket } from '../services/link.service.ts';
import { getNoteDrafts, keepNoteDraft } from '../services/note-draft.service.ts';
import { overlayTicket } from '../services/overlay.service.ts';
import { toPersonHit } from '../services/person.service.ts';
import { getPersonCard, lookUpCaller } from '../services/person-card.service.ts';
import { mergePersons, savePerson, splitPerson } from '../services/person-edit.service.ts';
import { settlePromise } from '../services/promise.service.ts';
import { revealValue } from '../services/reveal.service.ts';
import { listMissingWork, sendAgain } from '../services/send-again.service.ts';
import { submitDraft } from '../services/submit.service.ts';
import { chooseKeptTeams, chooseTeam, listTeams, spellOutTeam } from '../services/team.service.ts';
import { addNote, getTicket, listTicketIds, listTicketRows } from '../services/ticket.service.ts';
import { listTimeline } from '../services/timeline.service.ts';
import { listViews, removeView, saveView } from '../services/view.service.ts';
import { withdrawNote } from '../services/withdraw.service.ts';
import type { Session } from '../session/session.ts';
import { createAttachmentsRoutes } from './attachments-routes.ts';
import { createBoardRoutes } from './board-routes.ts';
import { unlessCancelled } from './cancellable.ts';
import type { ChangeHub } from './change-hub.ts';
import { createKnowledgeRoutes } from './knowledge-routes.ts';
import { OK } from './ok.ts';
import { createOutboxRoutes } from './outbox-routes.ts';
import { createQualityRoutes } from './quality-routes.ts';
import { createRemindersRoutes } from './reminders-routes.ts';

/** The data contract over one session. Handlers only translate; who may do what is decided by the session's state. */
export function createRouter(session: Session, hub: ChangeHub) {
  const os = implement(dataContract);
  return os.router({
    session: {
      status: os.session.status.handler(() => session.status()),
      signIn: os.session.signIn.handler(({ input }) => session.signIn(input.account, input.password)),
      lock: os.session.lock.handler(async () => {
        await session.lock();
        return OK;
      }),
      changePassword: os.session.changePassword.handler(async ({ input }) => {
        await session.changePassword(input.oldPassword, input.newPassword);
        return OK;
      }),
    },
    changes: {
      subscribe: os.changes.subscribe.handler(({ signal }) => hub.subscribe(signal)),
    },
    duplicates: {
      find: os.duplicates.find.handler(async ({ input, signal }) => {
        await unlessCancelled(signal);
        const { phone, ...rest } = input.probe;
        return [
          ...findDuplicates(
            session.work(),
            session.duplicates(),
            { ...rest, caller: { phone, anonymous: false } },
            input.limit,
          ),
        ];
      }),
      joinDraft: os.duplicates.joinDraft.handler(({ input }) => {
        joinDraft(session.work(), input.id, input.revision, input.ticketUid, input.kind);
        return { filesLeftOut: countFilesLeftOut(session.work(), input.id) };
      }),
      separateDraft: os.duplicates.separateDraft.handler(({ input }) =>
        separateDraft(session.work(), input.id, input.text),
      ),
      planLink: os.duplicates.planLink.handler(({ input }) => planLink(session.work(), input.id, input.parentUid)),
      unlink: os.duplicates.unlink.handler(({ input }) => {
        unlinkTicket(session.work(), input.uid, input.reason);
        return OK;
      }),
      withdrawNote: os.duplicates.withdrawNote.handler(({ input }) => ({
        how: withdrawNote(session.work(), input.uid, input.eventId, input.text),
      })),
      relations: os.duplicates.relations.handler(({ input }) => getRelations(session.work(), input.uid)),
    },
    notes: {
      list: os.notes.list.handler(() => [...getNoteDrafts(session.work())]),
      keep: os.notes.keep.handler(({ input }) => {
        keepNoteDraft(session.work(), input);
        return { ok: true };
      }),
    },
    drafts: {
      open: os.drafts.open.handler(({ input }) => openDraft(session.work(), input.call, input.further)),
      save: os.drafts.save.handler(({ input }) => saveDraft(session.work(), input.id, input.revision, input.content)),
      get: os.drafts.get.handler(({ input }) => getDraft(session.work(), input.id)),
      list: os.drafts.list.handler(() => [...listDrafts(session.work())]),
      discard: os.drafts.discard.handler(({ input }) => {
        discardDraft(session.work(), input.id);
        return OK;
      }),
      discarded: os.drafts.discarded.handler(({ input }) => {
        const { drafts, more } = listDiscarded(session.work(), input.query);
        return { drafts: [...drafts], more };
      }),
      restore: os.drafts.restore.handler(({ input }) => restoreDraft(session.work(), input.id)),
      submit: os.drafts.submit.handler(({ input }) =>
        submitDraft(session.work(), input.id, input.revision, input.outcome, input.handOffs),
      ),
    },
    calls: {
      record: os.calls.record.handler(({ input }) => {
        const work = session.work();
        const handedOver = recordCall(work, input.record);
        return { handedOver: handedOver && { ...handedOver, isQueued: !work.isOnline() } };
      }),
      ids: os.calls.ids.handler(({ input }) => {
        const page = listCallIds(session.work(), input.filter, input.limit, input.before);
        return { ids: [...page.ids], next: page.next };
      }),
      rows: os.calls.rows.handler(({ input }) => ({ rows: [...listCallRows(session.work(), input.ids)] })),
      get: os.calls.get.handler(({ input }) => getCall(session.work(), input.callId)),
      missed: os.calls.missed.handler(() => ({ count: countMissed(session.work()) })),
      settings: os.calls.settings.handler(() => ({ wrapUpMs: getWrapUpMs(session.work()) })),
      saveSettings: os.calls.saveSettings.handler(({ input }) => {
        saveWrapUpMs(session.work(), input.wrapUpMs);
        return OK;
      }),
    },
    colleagues: {
      list: os.colleagues.list.handler(() => listColleagues(session.work())),
    },
    citizens: {
      lookup: os.citizens.lookup.handler(({ input }) => lookUpCaller(session.work(), input.phone, input.callId)),
      get: os.citizens.get.handler(({ input }) => getPersonCard(session.work(), input.uid)),
      older: os.citizens.older.handler(({ input }) => fetchOlder(session.work(), input)),
      timeline: os.citizens.timeline.handler(({ input }) => listTimeline(session.work(), input)),
      save: os.citizens.save.handler(({ input }) => savePerson(session.work(), input)),
      merge: os.citizens.merge.handler(({ input }) => {
        mergePersons(session.work(), input.uid, input.into);
        return OK;
      }),
      split: os.citizens.split.handler(({ input }) => {
        splitPerson(session.work(), input.uid);
        return OK;
      }),
      search: os.citizens.search.handler(async ({ input, signal }) => {
        await unlessCancelled(signal);
        const work = session.work();
        const found = session
          .search()
          .searchPersons(input.query, input.limit, (citizen, marks) => toPersonHit(work, citizen, marks));
        return { persons: [...found.persons], incomplete: found.incomplete };
      }),
    },
    privacy: {
      reveal: os.privacy.reveal.handler(({ input }) => revealValue(session.work(), input)),
    },
    views: {
      list: os.views.list.handler(() => ({ views: [...listViews(session.work().db)] })),
      save: os.views.save.handler(({ input }) => {
        saveView(session.work(), input);
        return OK;
      }),
      remove: os.views.remove.handler(({ input }) => {
        removeView(session.work(), input.id);
        return OK;
      }),
    },
    tickets: {
      get: os.tickets.get.handler(({ input }) => getTicket(session.work(), input.uid)),
      ids: os.tickets.ids.handler(({ input }) => {
        const page = listTicketIds(session.work(), input.list, input.limit, input.before);
        return { ids: [...page.ids], next: page.next };
      }),
      rows: os.tickets.rows.handler(({ input }) => ({ rows: [...listTicketRows(session.work(), input.ids)] })),
      search: os.tickets.search.handler(async ({ input, signal }) => {
        await unlessCancelled(signal);
        const found = session
          .search()
          .search(input.query, input.limit, spellOutTeam(session.work().db, input.filter), input.sort);
        return { ...found, tickets: [...found.tickets] };
      }),
      searchOlder: os.tickets.searchOlder.handler(({ input }) => searchOlder(session.work(), input.query)),
      rebuildIndex: os.tickets.rebuildIndex.handler(async () => {
        await session.search().rebuild();
        session.work().announce(['tickets', 'sync']);
        return OK;
      }),
      filterChoices: os.tickets.filterChoices.handler(() => {
        const { units, agents } = session.search().choices();
        return { units: [...units], agents: [...agents], teams: [...listTeams(session.work())] };
      }),
      addNote: os.tickets.addNote.handler(({ input }) => ({ eventId: addNote(session.work(), input.uid, input) })),
      unitLoads: os.tickets.unitLoads.handler(({ input }) => {
        const { db } = session.work();
        return countCached(db).leftOut > 0 ? null : countUnitLoads(db, input.units);
      }),
      queueCounts: os.tickets.queueCounts.handler(() => countQueues(session.work())),
      queueChildren: os.tickets.queueChildren.handler(() => countQueueChildren(session.work())),
      decide: os.tickets.decide.handler(({ input }) => ({
        outcomes: [...decideTickets(session.work(), input.decisions)],
      })),
      amend: os.tickets.amend.handler(({ input }) => {
        amendTicket(session.work(), input.uid, input.changes, input.reason);
        return OK;
      }),
      overlay: os.tickets.overlay.handler(({ input }) => ({
        refused: overlayTicket(session.work(), input.uid, input.step, input.words),
      })),
      settlePromise: os.tickets.settlePromise.handler(({ input }) => {
        settlePromise(session.work(), input.uid, input.eventId, input.how, input.text);
        return OK;
      }),
    },
    attachments: createAttachmentsRoutes(session),
    suggest: {
      category: os.suggest.category.handler(({ input }) => {
        const { divisionCode, categoryCode, ...text } = input;
        return session.suggester().suggest(text, divisionCode, categoryCode);
      }),
      status: os.suggest.status.handler(() => session.suggester().status()),
    },
    knowledge: createKnowledgeRoutes(session),
    quality: createQualityRoutes(session),
    board: createBoardRoutes(session),
    reminders: createRemindersRoutes(session),
    outbox: createOutboxRoutes(session),
    sync: {
      status: os.sync.status.handler(() => session.syncStatus()),
      coverage: os.sync.coverage.handler(() => getCoverage(session.work())),
      saveTeam: os.sync.saveTeam.handler(({ input }) => {
        chooseTeam(session.work(), input.team);
        return OK;
      }),
      saveKeptTeams: os.sync.saveKeptTeams.handler(({ input }) => {
        chooseKeptTeams(session.work(), input.teams);
        return OK;
      }),
      saveCachePolicy: os.sync.saveCachePolicy.handler(({ input }) => {
        chooseCachePolicy(session.work(), input.policy);
        return OK;
      }),
      missingWork: os.sync.missingWork.handler(() => {
        const { tickets, notes } = listMissingWork(session.work());
        return { tickets: [...tickets], notes: [...notes] };
      }),
      sendAgain: os.sync.sendAgain.handler(() => sendAgain(session.work())),
      decideHeld: os.sync.decideHeld.handler(async ({ input }) => ({
        rows: await session.decideHeld(input.decision, input.approver),
      })),
    },
  });
}
