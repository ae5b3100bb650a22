type Any = (...args: never[]) => unknown;
/** What stands in for functions of the product at the moment, by name: made of the whole one. */
const standIns = new Map<string, (whole: Any) => Any>();

/**
 * A module of the product of which some functions can be broken while it runs; for `vi.mock`.
 * @param module as it is
 */
export function breakable<Module extends object>(module: Module, ...names: readonly (keyof Module & string)[]): Module {
  const wrapped = names.map((name) => {
    const whole = module[name] as Any;
    return [name, (...args: never[]) => (standIns.get(name)?.(whole) ?? whole)(...args)];
  });
  return { ...module, ...(Object.fromEntries(wrapped) as Partial<Module>) };
}

/** Lets something else be done wherever another module of the product calls a function by this name. */
export function breakFunction<Whole extends Any>(name: string, standIn: (whole: Whole) => Any): void {
  standIns.set(name, standIn as (whole: Any) => Any);
}

/** Everything is whole again. */
export function mendFunctions(): void {
  standIns.clear();
}
