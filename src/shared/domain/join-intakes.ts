import { formatBeijing } from './beijing-time.ts';
import { addLine } from './carry-intake.ts';
import { emptyIntake, type IntakeContent } from './intake.ts';
import { normalizePhone } from './phone.ts';
import { LIMITS } from './ticket.ts';

type Caller = IntakeContent['caller'];
type MadePromise = NonNullable<IntakeContent['promise']>;

/**
 * Two forms of one call as one: mine where I wrote something, theirs where I did not, down to the parts of caller and place. 保密 and 匿名
 * hold when one of us was told so; files come from both, and a second promise goes into the words.
 */
export function joinIntakes(mine: IntakeContent, theirs: IntakeContent): IntakeContent {
  const empty = emptyIntake(normalizePhone(mine.caller.phone));
  const joined: IntakeContent = {
    ...fillEmpty(mine, theirs, empty),
    ...joinTimes(mine, theirs),
    caller: {
      ...fillEmpty(mine.caller, theirs.caller, empty.caller),
      anonymous: mine.caller.anonymous || theirs.caller.anonymous,
      confidential: mine.caller.confidential || theirs.caller.confidential,
    },
    place: fillEmpty(mine.place, theirs.place, empty.place),
    markers: [...new Set([...mine.markers, ...theirs.markers])],
    attachments: joinFiles(mine.attachments, theirs.attachments),
    promise: hasPromised(mine) ? mine.promise : theirs.promise,
  };
  const isSame = mine.promise?.text === theirs.promise?.text && mine.promise?.dueAt === theirs.promise?.dueAt;
  if (!hasPromised(mine) || !hasPromised(theirs) || isSame) return joined;
  // A ticket begins with one promise; what the other one said is still owed.
  return addLine(joined, promiseLine(theirs.promise));
}

function hasPromised(content: IntakeContent): content is IntakeContent & { readonly promise: MadePromise } {
  return content.promise !== null && content.promise.text.trim() !== '';
}

function promiseLine({ text, dueAt, dueText, byName }: MadePromise): string {
  const due = dueText?.trim() || (dueAt === null ? '' : formatBeijing(dueAt));
  return `承诺${byName === '' ? '' : `（${byName}）`}：${text.trim()}${due === '' ? '' : `，期限 ${due}`}`;
}

/** The files of both, a file that both attached once. */
function joinFiles(mine: readonly string[], theirs: readonly string[]): string[] {
  const known = new Set(mine.map(hashOf));
  return [...mine, ...theirs.filter((line) => !known.has(hashOf(line)))].slice(0, LIMITS.draftFiles);
}

/** The line of a file begins with the hash of its content. */
function hashOf(line: string): string {
  return line.slice(0, 64);
}

/**
 * What is known of a caller, written into what the agent has of them: their own words stay, and a 保密 that was ticked, or a name that
 * was left out for it, is not taken back.
 */
export function fillCaller(caller: Caller, known: Omit<Caller, 'phone' | 'anonymous'>): Caller {
  if (caller.anonymous) return caller;
  const confidential = caller.confidential || known.confidential;
  if (caller.name !== '' || caller.confidential) return { ...caller, confidential };
  return {
    ...caller,
    name: known.name,
    gender: caller.gender === 'unknown' ? known.gender : caller.gender,
    kind: caller.kind === 'person' ? known.kind : caller.kind,
    confidential,
  };
}

/** The time and what could not be read of it are one field. */
function joinTimes(mine: IntakeContent, theirs: IntakeContent): Pick<IntakeContent, 'occurredAt' | 'occurredText'> {
  const { occurredAt, occurredText } = mine.occurredAt !== null || mine.occurredText ? mine : theirs;
  if (occurredText) return { occurredAt: null, occurredText };
  return { occurredAt };
}

function fillEmpty<T extends object>(mine: T, theirs: T, empty: T): T {
  const isSame = (key: keyof T) => JSON.stringify(mine[key]) === JSON.stringify(empty[key]);
  const taken = (Object.keys(empty) as (keyof T)[]).filter(isSame).map((key) => [key, theirs[key]]);
  return { ...mine, ...Object.fromEntries(taken) };
}
