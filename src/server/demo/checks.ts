import { DAY_MS, HOUR_MS } from '#shared/domain/clock/beijing-day.ts';
import { DEMO_ACCOUNTS, DEMO_CENTRE, type DemoAccount } from '#shared/domain/demo.ts';
import { type Marks, NO_MARKS, siblingOf } from '#shared/domain/quality/check.ts';
import { reasonsToCheck } from '#shared/domain/quality/sampling.ts';
import { sheetOfLine, shippedSampling } from '#shared/domain/quality/shipped-sheets.ts';
import type { SyncedRecord } from '#shared/domain/record.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { formatTicketNumber } from '#shared/domain/ticket-number.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { eventIdSchema, type OpId, type UserId } from '#shared/kernel/ids.ts';
import { type CheckOp, copyOfCheck, decideCheckOp } from '#shared/sync/check-ops.ts';
import { derivedUuid } from '../derived-uuid.ts';

/** Of the ordinary tickets that were drawn so many are scored; the others, and those of 12350, wait. */
const SCORED_SHARE = 0.7;

const marks = (...deductions: readonly (readonly [item: string, points: number, reason: string])[]): Marks => ({
  ...NO_MARKS,
  deductions: deductions.map(([item, points, reason]) => ({ item, points, reason })),
});

/** What was found on tickets of the ordinary line, in turn. */
const FINDINGS: readonly Marks[] = [
  { ...marks(['closing', 3, '没有告知办理时限']), remark: '整体规范，结束语补上时限就更好。' },
  marks(['facts', 5, '没有问清发生时间'], ['category', 4, '区划选到了相邻街道'], ['complete', 3, '第二问没有答到']),
  NO_MARKS,
  marks(['facts', 10, '地点只写了路名'], ['demand', 6, '诉求与原话不一致'], ['policy', 8, '引用的口径已过期']),
];
const APPEAL = '来电人当时确实说不清门牌，我在补充里写了回拨后问到的门牌号，请复核这一项。';
const SETTLED = '补充里有回拨记录，地点一项改为扣 2 分，其余维持。';

/**
 * What the 质检员 of the demo centre found in the last weeks: most of what the rule drew is scored, one score is appealed against, one was
 * settled after an appeal, one ticket is open for calibration.
 * @param tickets ended lately, of the demo accounts, the oldest first
 * @param now end of the past, epoch ms
 * @param userIds ids of the demo accounts by seat
 */
export function makeDemoChecks(
  tickets: readonly Ticket[],
  now: number,
  userIds: ReadonlyMap<string, UserId>,
): readonly SyncedRecord[] {
  const [checker, lead] = [personOf('quality', userIds), personOf('lead', userIds)];
  const drawn = tickets.filter(
    (ticket) =>
      ticket.fields.line === '12345' &&
      ticket.createdById !== lead.id &&
      reasonsToCheck(ticket, shippedSampling()).length > 0,
  );
  // The newest are scored first: their agents may still appeal.
  const scored = drawn
    .filter(({ closedAt }) => (closedAt ?? now) < now - DAY_MS)
    .toReversed()
    .slice(0, Math.ceil(drawn.length * SCORED_SHARE));
  const records = scored.flatMap((ticket, index): readonly SyncedRecord[] => {
    const { uid: ticketUid } = ticket;
    const id = (what: string) => eventIdSchema.parse(derivedUuid('hotline-demo-check', ticketUid, what));
    const at = Math.min(now - (index + 1) * HOUR_MS, (ticket.closedAt ?? now) + DAY_MS);
    const found = FINDINGS[index % FINDINGS.length] ?? NO_MARKS;
    const why = [...reasonsToCheck(ticket, shippedSampling())];
    const uid = siblingOf(ticketUid, 'check');
    let check = apply(
      null,
      { kind: 'check.score', uid, args: { ...aboutOf(ticket), why, scoreId: id('score'), marks: found } },
      checker,
      at,
    );
    const isAppealed = index === 1 || index === 3;
    if (isAppealed && check.kind === 'check') {
      const appeal = { id: id('appeal'), at: at + HOUR_MS / 2, madeAt: at + HOUR_MS / 2, words: APPEAL };
      check = { ...check, updatedAt: appeal.at, doc: { ...check.doc, appeal } };
    }
    if (index === 3) {
      const better = marks(
        ['facts', 2, '门牌在补充里'],
        ['demand', 6, '诉求与原话不一致'],
        ['policy', 8, '引用的口径已过期'],
      );
      const args = { centre: DEMO_CENTRE, ticketUid, settleId: id('settle'), marks: better, words: SETTLED };
      check = apply(check, { kind: 'check.settle', uid, args }, lead, at + 0.8 * HOUR_MS);
    }
    return check.kind === 'check' ? [check, copyOfCheck(check)] : [];
  });
  const [calibrated] = scored.slice(2);
  if (!calibrated) return records;
  const uid = siblingOf(calibrated.uid, 'calibration');
  const at = now - 2 * HOUR_MS;
  const opened = apply(null, { kind: 'calibration.start', uid, args: aboutOf(calibrated) }, lead, at);
  const scoreId = eventIdSchema.parse(derivedUuid('hotline-demo-check', calibrated.uid, 'calibration'));
  const args = { centre: DEMO_CENTRE, ticketUid: calibrated.uid, scoreId, marks: FINDINGS[0] ?? NO_MARKS };
  return [...records, apply(opened, { kind: 'calibration.score', uid, args }, lead, at + HOUR_MS)];
}

function aboutOf(ticket: Ticket) {
  const { uid: ticketUid, createdById, createdByName: agentName, number, acceptedAt, createdAt, fields } = ticket;
  const { id, version } = sheetOfLine(fields.line);
  return {
    centre: DEMO_CENTRE,
    ticketUid,
    ticketNo: formatTicketNumber(forceUnwrap('a stored ticket has a number', number), acceptedAt ?? createdAt),
    line: fields.line,
    agentId: forceUnwrap('a demo account made it', createdById),
    agentName,
    sheet: { id, version },
  };
}

type Body = { [K in CheckOp['kind']]: Pick<Extract<CheckOp, { kind: K }>, 'kind' | 'uid' | 'args'> }[CheckOp['kind']];
type Person = Pick<DemoAccount, 'name' | 'role' | 'seat'> & { readonly id: UserId };

/** What the rules of the product make of it, as the first version of a document. */
function apply(record: SyncedRecord | null, body: Body, person: Person, at: number): SyncedRecord {
  const opId = derivedUuid('hotline-demo-check', body.uid, body.kind) as OpId;
  const op = { ...body, s: 1, opId, at, baseVersion: 0, hash: '0'.repeat(64) } as CheckOp;
  const verdict = decideCheckOp(record, op, person, at);
  if (verdict.kind !== 'changed') throw new Error(`a demo check was not made: ${JSON.stringify(verdict)}`);
  return { ...verdict.record, version: 1 };
}

function personOf(role: Role, userIds: ReadonlyMap<string, UserId>): Person {
  const account = forceUnwrap(
    `the demo centre has somebody with the role ${role}`,
    DEMO_ACCOUNTS.find((one) => one.role === role),
  );
  return { ...account, id: forceUnwrap('an account', userIds.get(account.seat)) };
}
