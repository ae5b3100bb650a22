/** Ends a switch over a union: the compiler refuses a forgotten case, a wrong value at run time throws. */
export function assertNever(value: never, what = 'value'): never {
  throw new Error(`Unexpected ${what}: ${JSON.stringify(value)}`);
}

/** Takes the value out of an optional one; the message names the invariant that was broken. */
export function forceUnwrap<T>(message: string, value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error(message);
  return value;
}
