import { closeDueAt } from '#shared/domain/clock/clocks-after.ts';
import { clocksOfHistory } from '#shared/domain/clock/clocks-of-history.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { DEMO_CENTRE } from '#shared/domain/demo.ts';
import { MERGEABLE_STATUSES, PARENT_STATUSES } from '#shared/domain/merge-tickets.ts';
import type { Line } from '#shared/domain/roles.ts';
import type { Ticket, TicketEvent, TicketFields } from '#shared/domain/ticket.ts';
import { nameUnit, STREET_OFFICE } from '#shared/domain/unit-name.ts';
import type { CitizenId, EventId, TicketId } from '#shared/kernel/ids.ts';
import { DAY_MS, HOUR_MS, localTime, MINUTE_MS } from './calendar.ts';
import { tryCitizen } from './call-attempts.ts';
import type { CompiledMatter, Composer } from './composer.ts';
import { demoId } from './demo-ids.ts';
import type { FormWriter } from './form-answers.ts';
import { answerHandOver, serviceFor } from './hand-overs.ts';
import { type Course, DEMO_TERMS, walkCourse } from './lifecycle.ts';
import type { Names } from './names.ts';
import { loadOverlayTexts, superviseTicket } from './overlays.ts';
import type { DemoPerson } from './people.ts';
import type { Phrases } from './phrases.ts';
import { type DemoPlan, NOBODY } from './plan.ts';
import { createRng, type Rng } from './rng.ts';
import type { Seats } from './seats.ts';
import { planSewageCase } from './sewage-case.ts';
import type { Situation, SituationMaker } from './situation.ts';
import { makeFields, writeReply } from './ticket-fields.ts';

/** Everything a run of tickets is made from. */
export interface TicketParts {
  readonly seed: number;
  readonly now: number;
  readonly plan: DemoPlan;
  readonly people: readonly DemoPerson[];
  readonly citizenUids: readonly CitizenId[];
  readonly composer: Composer;
  readonly situations: SituationMaker;
  readonly forms: FormWriter;
  readonly phrases: Phrases;
  readonly names: Names;
  readonly seats: Seats;
}

/** Chosen so that 68 % of all tickets come out as answered on the spot, clusters and follow-up calls included. */
const DIRECT_SHARE = 0.782;
const DIRECT_SHARE_12350 = 0.06;
const DIRECT_SHARE_CLUSTER = 0.25;
const DIRECT_SHARE_FOLLOW_UP = 0.35;
/** People who call often mostly call about the same thing. */
const FREQUENT_CALLS = 8;
const FOLLOW_UP = {
  seldom: { withinMs: 45 * DAY_MS, share: 0.4 },
  frequent: { withinMs: 150 * DAY_MS, share: 0.6 },
} as const;

/** The last thing a citizen called about that went on to a unit. */
interface Earlier {
  readonly situation: Situation;
  readonly at: number;
}

/** Tickets of the demo centre one after the other, oldest first. */
export function* makeTickets(parts: TicketParts): Generator<Ticket, void> {
  const { plan } = parts;
  const rng = createRng(parts.seed, 5);
  // Apart, so that what is added to a ticket changes nothing of those after it.
  const calling = createRng(parts.seed, 21);
  const earlier = new Map<number, Earlier>();
  // A chance of their own: what is laid over tickets changes nothing of them.
  const overlaid = createRng(parts.seed, 8);
  const overlayTexts = loadOverlayTexts();
  const answering = createRng(parts.seed, 22);
  const calls = new Uint8Array(parts.people.length);
  for (const citizen of plan.caller) if (citizen !== NOBODY) calls[citizen] = (calls[citizen] ?? 0) + 1;
  const sewage = planSewageCase(plan, parts.now, calling, calling.pick(parts.names.dispatchers));
  const clusters = new Map<number, { situation: Situation; mother: Ticket | null }>();
  for (let i = 0; i < plan.createdAt.length; i++) {
    const createdAt = plan.createdAt[i] ?? 0;
    const line: Line = plan.special[i] ? '12350' : '12345';
    const citizen = plan.caller[i] ?? NOBODY;
    const person = parts.people[citizen] ?? null;
    const seat = parts.seats.pick(rng, line);
    const provisionalNo = parts.seats.provisionalNo(seat, createdAt);
    const clusterId = plan.cluster[i] ?? -1;
    const clusterPlan = plan.clusters[clusterId];
    let cluster = clusters.get(clusterId);
    if (clusterPlan && !cluster) {
      const entry = parts.composer.compiled(clusterPlan.matter);
      cluster = { situation: parts.situations.make(rng, entry, person), mother: null };
      clusters.set(clusterId, cluster);
    }
    const last = earlier.get(citizen);
    const habit = (calls[citizen] ?? 0) >= FREQUENT_CALLS ? FOLLOW_UP.frequent : FOLLOW_UP.seldom;
    const again = !cluster && last && createdAt - last.at < habit.withinMs && rng.chance(habit.share);
    const direct = rng.chance(
      line === '12350'
        ? DIRECT_SHARE_12350
        : cluster
          ? DIRECT_SHARE_CLUSTER
          : again
            ? DIRECT_SHARE_FOLLOW_UP
            : DIRECT_SHARE,
    );
    const { month, hour } = localTime(createdAt);
    const situation =
      cluster?.situation ??
      (again
        ? last.situation
        : parts.situations.make(rng, drawMatter(rng, parts.composer, person, { line, direct, month, hour }), person));
    const { entry } = situation;
    const answerNow = direct && entry.answers.length > 0;
    const mass = Boolean(cluster && entry.matter.cluster?.mass);
    const written = makeFields(rng, {
      composer: parts.composer,
      phrases: parts.phrases,
      situation,
      line,
      person,
      citizenUid: line === '12350' ? null : (parts.citizenUids[citizen] ?? null),
      index: i,
      createdAt,
      followUp: Boolean(again),
      mass,
      answerNow,
    });
    const form = parts.forms.write(situation, written, createdAt);
    const fields = form ? { ...written, form } : written;
    const base = { rng, fields, createdAt, provisionalNo, seat };
    if (answerNow) {
      yield sewage.take(i, directTicket(base));
      continue;
    }
    const merge = cluster && !mass ? cluster.mother : null;
    const into = merge && rng.chance(0.5) ? merge : null;
    const course = takeCourse(base, parts, situation, into?.provisionalNo ?? null);
    if (citizen !== NOBODY) earlier.set(citizen, { situation, at: createdAt });
    const made = answerHandOver(answering, ticketOf(handedOver(base, course), course), parts.now);
    const plain = superviseTicket(overlaid, made, overlayTexts, parts.now);
    const ticket = merge ? underMother(plain, merge, into !== null, calling, parts.now) : plain;
    if (cluster && !cluster.mother && course.unit) cluster.mother = ticket;
    yield sewage.take(i, tryCitizen(ticket, calling, parts.now, calling.pick(parts.names.revisitors)));
  }
}

/** A ticket of a cluster: merged under its 母单, or, while both are open, proposed under it by the seat that took the call. */
function underMother(ticket: Ticket, mother: Ticket, isMerged: boolean, rng: Rng, now: number): Ticket {
  const parentUid = mother.uid;
  const { closedAt, events, status } = ticket;
  const last = events.at(-1);
  if (isMerged) {
    if (status !== 'merged' || !last || closedAt === null) return ticket;
    const link = { parentUid, state: 'merged', at: closedAt, byName: last.actorName } as const;
    return { ...ticket, link, events: [...events.slice(0, -1), { ...last, ref: parentUid }] };
  }
  const at = ticket.createdAt + MINUTE_MS;
  if (!MERGEABLE_STATUSES.includes(status) || !PARENT_STATUSES.includes(mother.status) || at > now) return ticket;
  const byName = ticket.createdByName;
  const proposal: TicketEvent = {
    id: demoId<EventId>(rng, at),
    at,
    kind: 'linked',
    actorId: ticket.createdById,
    actorName: byName,
    text: '',
    from: null,
    to: null,
    ref: parentUid,
  };
  const inOrder = [...events, proposal].sort((a, b) => a.at - b.at);
  const updatedAt = Math.max(ticket.updatedAt, at);
  return { ...ticket, link: { parentUid, state: 'proposed', at, byName }, events: inOrder, updatedAt };
}

interface Base {
  readonly rng: Rng;
  readonly fields: TicketFields;
  readonly createdAt: number;
  readonly provisionalNo: string;
  readonly seat: ReturnType<Seats['pick']>;
}

function directTicket(base: Base): Ticket {
  const { rng, createdAt, seat, fields } = base;
  const author = { actorId: seat.userId, actorName: seat.name };
  const answeredAt = createdAt + 200;
  return ticketOf(base, {
    status: 'closed_direct',
    events: [
      {
        id: demoId<EventId>(rng, createdAt),
        at: createdAt,
        kind: 'created',
        ...author,
        text: '',
        from: null,
        to: 'submitted',
        ref: '',
      },
      {
        id: demoId<EventId>(rng, answeredAt),
        at: answeredAt,
        kind: 'answered',
        ...author,
        text: fields.answer ?? '',
        from: 'submitted',
        to: 'closed_direct',
        ref: '',
      },
    ],
    replies: [],
    acceptedAt: answeredAt,
    closedAt: answeredAt,
    updatedAt: answeredAt,
    unit: null,
  });
}

function takeCourse(base: Base, parts: TicketParts, situation: Situation, mergeInto: string | null): Course {
  const { rng, fields, createdAt, seat } = base;
  const { entry } = situation;
  const urgent = fields.urgency !== 'normal';
  return walkCourse(
    rng,
    {
      createdAt,
      now: parts.now,
      agent: seat.name,
      agentId: seat.userId,
      unit: unitOf(situation),
      fallbackUnit: nameUnit(STREET_OFFICE, ['南京市', situation.street.district.name, situation.street.name]),
      review: fields.line === '12350' || fields.markers.includes('mass') || fields.markers.includes('sensitive'),
      urgent,
      meanHandlingMs: (urgent ? 3.5 : fields.type === 'consult' ? 24 : 70) * HOUR_MS,
      mergeInto,
      handOff: fields.urgency === 'critical' && entry.matter.code === '210303' ? serviceFor(fields.content) : null,
      replyText: writeReply(rng, situation),
      redoReplyText: writeReply(rng, situation),
    },
    parts.phrases,
    parts.names,
  );
}

/** The form as it was submitted after the call had been handed over. */
function handedOver(base: Base, { status }: Course): Base {
  if (status !== 'handed_off') return base;
  const { fields, createdAt } = base;
  return { ...base, fields: { ...fields, handOff: { service: serviceFor(fields.content), at: createdAt } } };
}

function ticketOf(base: Base, course: Course): Ticket {
  const { rng, fields, createdAt, provisionalNo, seat } = base;
  const { status, events, replies, acceptedAt, closedAt, updatedAt, handling } = course;
  const clocks = clocksOfHistory(fields, events, DEMO_TERMS, shippedClockRules());
  return {
    uid: demoId<TicketId>(rng, createdAt),
    number: null,
    provisionalNo,
    centre: DEMO_CENTRE,
    status,
    fields,
    unit: course.unit,
    replies: [...replies],
    createdAt,
    createdById: seat.userId,
    createdByName: seat.name,
    consoleId: null,
    madeOffline: fields.channel === 'phone' && rng.chance(0.008),
    acceptedAt,
    closedAt,
    link: null,
    flags: [],
    ...(handling ? { handling } : {}),
    dueAt: closeDueAt(clocks),
    clocks,
    updatedAt,
    version: 1,
    events: [...events],
  };
}

/** Matters of a home or a family are nothing a firm calls about. */
const PRIVATE_PLACES: readonly string[] = ['estate', 'village', 'school', 'hospital'];
const PUBLIC_ROOTS: readonly string[] = ['01', '02', '03', '04', '07', '15', '18', '19', '21'];

function drawMatter(
  rng: Rng,
  composer: Composer,
  person: DemoPerson | null,
  when: Parameters<Composer['draw']>[1],
): CompiledMatter {
  let entry = composer.draw(rng, when);
  if (person?.fields.kind !== 'organisation') return entry;
  const suits = ({ matter }: CompiledMatter) =>
    !PRIVATE_PLACES.includes(matter.place) && PUBLIC_ROOTS.includes(matter.code.slice(0, 2));
  for (let tries = 0; tries < 12 && !suits(entry); tries++) entry = composer.draw(rng, when);
  return entry;
}

/** Name of the handling unit at the place; the street where the tree leaves it open. */
function unitOf({ entry, street }: Situation): string {
  return nameUnit(entry.unit ?? STREET_OFFICE, ['南京市', street.district.name, street.name]);
}
