import type { User } from '#shared/contract/server.contract.ts';
import type { CallRecord, LegRecord } from '#shared/domain/call-record.ts';
import { NO_STAGE_TIMES } from '#shared/domain/call-state.ts';
import { type Citizen, type CitizenFields, EMPTY_CITIZEN_FIELDS } from '#shared/domain/citizen.ts';
import type { IntakeContent } from '#shared/domain/intake.ts';
import { emptyIntake } from '#shared/domain/intake.ts';
import { monthOf } from '#shared/domain/month.ts';
import type { CallFacts, Ticket, TicketFields } from '#shared/domain/ticket.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import {
  type CallId,
  type CitizenId,
  type ConsoleId,
  type EventId,
  newId,
  type TicketId,
  type UserId,
} from '#shared/kernel/ids.ts';
import { ticketScope } from '#shared/sync/protocol.ts';

/** 2026-11-22 10:00 in Beijing. */
export const START = Date.UTC(2026, 10, 22, 2, 0, 0);
/** Scope of the tickets of that month. */
export const TICKETS_NOW = ticketScope('320100', '12345', monthOf(START));

/** A clock that stands still until it is moved. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

export function createTestClock(start = START): TestClock {
  let now = start;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
  };
}

export const AGENT: User = {
  id: '019a0000-0000-7000-8000-000000000001' as UserId,
  account: 'demo1001',
  name: '林晓雯',
  seat: '1001',
  role: 'agent',
  centre: '320100',
  lines: ['12345'],
};

export const CONSOLE_ID = '019a0000-0000-7000-8000-00000000c001' as ConsoleId;

/** A call that rings now. */
export function sampleCall(ani: string, at = START): CallFacts {
  return { callId: newId<CallId>(at), ani, line: '12345', ringAt: at, answeredAt: null, endedAt: null, heldMs: 0 };
}

/** The same call as the call log keeps it; ended and answered unless the changes say otherwise. */
export function sampleRecord(facts: CallFacts, changes: Partial<CallRecord> = {}): CallRecord {
  return {
    ...facts,
    answeredAt: facts.ringAt + 3_000,
    endedAt: facts.ringAt + 63_000,
    seat: '1001',
    direction: 'in',
    name: '',
    from: null,
    about: null,
    outcome: 'answered',
    endedBy: 'citizen',
    refusal: null,
    spent: { ...NO_STAGE_TIMES, ringing: 3_000, talking: 60_000 },
    legs: [],
    ...changes,
  };
}

/** A third party that was called and took the call, or did not. */
export function sampleLeg(changes: Partial<LegRecord> = {}): LegRecord {
  return {
    purpose: 'transfer',
    party: { kind: 'seat', seat: '1002', name: '周启明' },
    startedAt: START + 40_000,
    answeredAt: START + 45_000,
    endedAt: START + 45_000,
    result: 'transferred',
    ...changes,
  };
}

/** A form that may be submitted. */
export function sampleIntake(changes: Partial<IntakeContent> = {}): IntakeContent {
  const empty = emptyIntake('13800001234');
  return {
    ...empty,
    type: 'help',
    categoryCode: '010101',
    title: '路灯不亮',
    content: '中央路260号门口的路灯坏了两年，晚上看不见路。',
    originalWords: '灯都坏了两年了',
    caller: { ...empty.caller, name: '王芳' },
    ...changes,
  };
}

export function sampleFields(changes: Partial<TicketFields> = {}): TicketFields {
  const { otherForms: _, attachments: __, promise: _promise, ...written } = sampleIntake();
  return {
    ...written,
    handOff: null,
    type: 'help',
    channel: 'phone',
    line: '12345',
    citizenUid: null,
    call: null,
    answer: null,
    ...changes,
  };
}

/** A ticket as the server would send it. */
export function sampleTicket(number: number, changes: Partial<Ticket> = {}): Ticket {
  const at = START + number * 60_000;
  return {
    uid: newId<TicketId>(at),
    number,
    provisionalNo: `暂1002-1122-${String(number % 1000).padStart(3, '0')}`,
    centre: '320100',
    status: 'to_dispatch',
    fields: sampleFields(),
    unit: null,
    replies: [],
    createdAt: at,
    createdById: '019a0000-0000-7000-8000-000000000002' as UserId,
    createdByName: '周启明',
    consoleId: null,
    madeOffline: false,
    acceptedAt: at,
    closedAt: null,
    dueAt: null,
    clocks: null,
    updatedAt: at,
    version: 1,
    link: null,
    flags: [],
    events: [
      {
        id: newId<EventId>(at),
        at,
        kind: 'created',
        actorId: null,
        actorName: '周启明',
        text: '',
        from: null,
        to: 'submitted',
        ref: '',
      },
    ],
    ...changes,
  };
}

/** A person's record as the server would send it. */
export function sampleCitizen(fields: Partial<CitizenFields> = {}, at = START): Citizen {
  return {
    uid: newId<CitizenId>(at),
    centre: '320100',
    fields: {
      ...EMPTY_CITIZEN_FIELDS,
      name: '王芳',
      gender: 'female',
      kind: 'person',
      phones: ['13800001234'],
      confidential: false,
      remark: '',
      ...fields,
    },
    createdAt: at,
    updatedAt: at,
    version: 1,
    mergedInto: null,
  };
}
