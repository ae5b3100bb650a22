import { actOnTicket } from '#shared/domain/act-on-ticket.ts';
import { returnAnswerRun } from '#shared/domain/clock/return-answer.ts';
import { handlingOf } from '#shared/domain/ticket-handling.ts';
import type { BatchState, Decision, StoredTicket } from './batch.ts';
import { toMove } from './decide-act.ts';
import type { Deciding } from './deciding.ts';
import { courseOf } from './ticket-course.ts';

/** The centre by rule, as an event shows it: somebody without a name. */
const CENTRE = { actorId: null, actorName: '' };
const REFUSED = { action: 'refuse_return' } as const;
/** Read by the unit and at every console, like the words of a person. */
const WORDS = '退单申请在规定时间内未获答复，按规则视为由承办单位继续办理。';
/** Added when the working days of that time are not certain: nobody has to take a guess for a rule. */
const UNCERTAIN = {
  official: '',
  provisional: '（该时间涉及尚未公布调休安排的年度，只按法定节假日推算。）',
  missing: '（该时间涉及没有节假日数据的年度，只按周一至周五推算，请人工核对。）',
} as const;

/**
 * 退单 that nobody answered within its time: the unit keeps the ticket. What goes to 联席研判 next waits for people all the same.
 * Pure, over tickets that are locked.
 */
export function decideUnansweredReturns(
  { tickets, courses }: Pick<BatchState, 'tickets' | 'courses'>,
  deciding: Pick<Deciding, 'now' | 'clockRules' | 'newEventId'> & { readonly clockSetOf: (scope: string) => string },
): Pick<Decision, 'touches' | 'events'> {
  const decided = [...tickets.values()].map((stored) => decideOne(stored, { courses }, deciding));
  return { touches: decided.flatMap(({ touches }) => touches), events: decided.flatMap(({ events }) => events) };
}

const NOTHING = { touches: [], events: [] };

function decideOne(
  stored: StoredTicket,
  state: Pick<BatchState, 'courses'>,
  { now, clockRules, newEventId, clockSetOf }: Parameters<typeof decideUnansweredReturns>[1],
): Pick<Decision, 'touches' | 'events'> {
  const { uid, scope, version: fromVersion, createHash, status: from } = stored;
  const version = fromVersion + 1;
  const course = courseOf(
    { uid, scope, fromVersion, version: fromVersion, createHash, insert: null, stored },
    { state },
  );
  if (course?.status !== 'return_review') return NOTHING;
  const { request } = handlingOf(course);
  if (request?.kind !== 'return') return NOTHING;
  const answer = returnAnswerRun(request.at, course.clocks?.set ?? clockSetOf(scope), clockRules);
  if (answer.dueAt > now) return NOTHING;
  const words = WORDS + UNCERTAIN[answer.calendar];
  const acted = actOnTicket(course, REFUSED, words, { role: 'server', name: '' }, now);
  if (!acted.ok) return NOTHING;
  const moved = toMove(
    acted.value,
    course,
    { from, act: REFUSED, words },
    { ...CENTRE, version },
    { now, clockRules, clockSet: clockSetOf(scope) },
  );
  const to = acted.value.status;
  const event = {
    id: newEventId(),
    at: now,
    kind: 'status',
    ...CENTRE,
    text: words,
    from,
    to,
    ref: '',
    act: REFUSED,
  } as const;
  return {
    touches: [{ uid, scope, fromVersion, version, moved }],
    events: [{ ticketUid: uid, version, position: 0, event }],
  };
}
