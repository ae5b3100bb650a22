import { emptyIntake, type IntakeContent } from './intake.ts';
import { normalizePhone } from './phone.ts';

type Caller = IntakeContent['caller'];

/**
 * Two forms of one call as one: mine where I wrote something, theirs where I did not, down to the parts of caller and place. 保密 and 匿名
 * hold when one of us was told so.
 */
export function joinIntakes(mine: IntakeContent, theirs: IntakeContent): IntakeContent {
  const empty = emptyIntake(normalizePhone(mine.caller.phone));
  return {
    ...fillEmpty(mine, theirs, empty),
    ...joinTimes(mine, theirs),
    caller: {
      ...fillEmpty(mine.caller, theirs.caller, empty.caller),
      anonymous: mine.caller.anonymous || theirs.caller.anonymous,
      confidential: mine.caller.confidential || theirs.caller.confidential,
    },
    place: fillEmpty(mine.place, theirs.place, empty.place),
    markers: [...new Set([...mine.markers, ...theirs.markers])],
  };
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
