import { isCoStep, mayOverlay } from '#shared/domain/overlay/overlay-rights.ts';
import { OVERLAY_KINDS, type OverlayKind } from '#shared/domain/overlay/overlay-step.ts';
import { CHECKING_ROLES } from '#shared/domain/quality/check.ts';
import type { Line, Role } from '#shared/domain/roles.ts';
import { ACT_ACTIONS, type ActAction } from '#shared/domain/ticket-act.ts';
import { type TicketStatus, TRANSITIONS } from '#shared/domain/ticket-status.ts';
import type { EventId, TicketId } from '#shared/kernel/ids.ts';
import type { Op } from '#shared/sync/wire.ts';
import { appealBody, type CheckedFacts, markBody, scoreBody, settleBody, startBody } from '../checks.ts';
import { SAMPLE_ACTS } from '../sample-acts.ts';
import { SAMPLE_OVERLAYS } from '../sample-overlays.ts';
import { noteBody } from '../test-console.ts';

/** Where a ticket lies for whoever acts: taken in by themselves, by a colleague, on a line they do not hold, or at another centre. */
export const SCOPES = ['own', 'colleague', 'other line', 'other centre'] as const;
export type Scope = (typeof SCOPES)[number];

type Body = { [K in Op['kind']]: Pick<Extract<Op, { kind: K }>, 'kind' | 'uid' | 'args'> }[Op['kind']];

/** The ticket of one case. */
export interface Target extends CheckedFacts {
  readonly ticketUid: TicketId;
  readonly parentUid: TicketId;
  readonly centre: string;
  readonly line: Line;
}

/** Something a person does to a ticket, the state it needs, and who may do it where. */
export interface MatrixDeed {
  readonly name: string;
  readonly status: TicketStatus;
  readonly body: (target: Target, newEvent: () => EventId) => Body;
  readonly isAllowed: (role: Role, scope: Scope) => boolean;
}

/** Who reads the tickets of their lines at a centre that works with real citizens (see actor.ts). */
export const READERS: readonly Role[] = [
  'agent',
  'lead',
  'dispatcher',
  'supervisor',
  'revisit',
  'quality',
  'analyst',
  'admin',
];
const reads = (role: Role, scope: Scope) => READERS.includes(role) && isNear(scope);
export const isNear = (scope: Scope) => scope === 'own' || scope === 'colleague';

function toAct(action: ActAction): MatrixDeed {
  const rows = TRANSITIONS.filter((one) => one.action === action && one.roles.some((role) => role !== 'server'));
  const status = rows[0]?.from.at(-1);
  if (!status) throw new Error(`nobody decides ${action}`);
  return {
    name: action,
    status,
    body: ({ ticketUid: uid, parentUid }, newEvent) => {
      const act = action === 'merge' ? { ...SAMPLE_ACTS.merge, parentUid } : SAMPLE_ACTS[action];
      return { kind: 'ticket.act', uid, args: { eventId: newEvent(), from: status, act, words: '情况属实' } };
    },
    isAllowed: (role, scope) =>
      rows.some(({ roles, from }) => from.includes(status) && roles.includes(role)) &&
      (role === 'unit' ? isNear(scope) : reads(role, scope)),
  };
}

/** A unit waits for the citizen of what it handles; what a service was given it does not answer. */
const WAITING: readonly OverlayKind[] = ['wait', 'wait_end'];

function toOverlay(step: OverlayKind): MatrixDeed {
  return {
    name: step,
    status: step.startsWith('review') ? 'joint_review' : 'handling',
    body: ({ ticketUid: uid }, newEvent) => {
      return {
        kind: 'ticket.overlay',
        uid,
        args: { eventId: newEvent(), step: SAMPLE_OVERLAYS[step], words: '请抓紧' },
      };
    },
    isAllowed: (role, scope) =>
      mayOverlay(role, step) &&
      (role === 'unit' ? (isCoStep(step) || WAITING.includes(step)) && isNear(scope) : reads(role, scope)),
  };
}

/** Who answers for the desk. Beside them whoever took a ticket in corrects it, unless it is masked for them. */
const AMENDING: readonly Role[] = ['lead', 'dispatcher', 'supervisor', 'admin'];

const OF_TICKETS: readonly MatrixDeed[] = [
  {
    name: 'note',
    status: 'handling',
    body: ({ ticketUid }) => noteBody(ticketUid, '市民补充'),
    isAllowed: reads,
  },
  {
    name: 'link',
    status: 'to_dispatch',
    body: ({ ticketUid: uid, parentUid }, newEvent) => {
      return { kind: 'ticket.link', uid, args: { eventId: newEvent(), parentUid, reason: '' } };
    },
    isAllowed: reads,
  },
  {
    name: 'amend',
    status: 'to_dispatch',
    body: ({ ticketUid: uid }, newEvent) => {
      const changes = { title: { from: '路灯不亮', to: '路灯坏了' } };
      return { kind: 'ticket.amend', uid, args: { eventId: newEvent(), changes, reason: '' } };
    },
    isAllowed: (role, scope) =>
      reads(role, scope) && (AMENDING.includes(role) || (scope === 'own' && role !== 'analyst')),
  },
];

/** What a check says of its ticket, and nothing else. */
export function factsOf({ ticketUid, ticketNo, agentId, agentName }: Target): CheckedFacts {
  return { ticketUid, ticketNo, agentId, agentName };
}

/** Nobody checks their own work, and only the checked agent appeals. */
const checks = (role: Role, scope: Scope) => CHECKING_ROLES.includes(role) && scope === 'colleague';
const OF_CHECKS: readonly MatrixDeed[] = [
  {
    name: 'check.score',
    status: 'closed',
    body: (target, newEvent) => atPlace(scoreBody(factsOf(target), newEvent()), target),
    isAllowed: checks,
  },
  {
    name: 'check.settle',
    status: 'closed',
    body: (target, newEvent) => atPlace(settleBody(factsOf(target), newEvent()), target),
    isAllowed: checks,
  },
  {
    name: 'check.appeal',
    status: 'closed',
    body: (target, newEvent) => atPlace(appealBody(factsOf(target), newEvent()), target),
    // Editors see no tickets any more, but what was said of those they once took in is theirs.
    isAllowed: (role, scope) => scope === 'own' && (READERS.includes(role) || role === 'editor'),
  },
  {
    name: 'calibration.start',
    status: 'closed',
    body: (target) => atPlace(startBody(factsOf(target)), target),
    isAllowed: (role, scope) => CHECKING_ROLES.includes(role) && isNear(scope),
  },
  {
    name: 'calibration.score',
    status: 'closed',
    body: (target, newEvent) => atPlace(markBody(factsOf(target), newEvent()), target),
    isAllowed: checks,
  },
];

/** A sample about the ticket of the case, of its centre and line. */
export function atPlace<B extends { readonly args: object }>(body: B, { centre, line }: Target): B {
  return { ...body, args: { ...body.args, centre, ...('line' in body.args ? { line } : {}) } };
}

/** Everything that is done to a ticket. */
export const MATRIX_DEEDS: readonly MatrixDeed[] = [
  ...ACT_ACTIONS.map(toAct),
  ...OVERLAY_KINDS.map(toOverlay),
  ...OF_TICKETS,
  ...OF_CHECKS,
];
