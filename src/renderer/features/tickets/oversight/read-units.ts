/** Several names are separated by any of the usual signs; each counts once. */
export function readUnits(text: string): string[] {
  return [...new Set(text.split(/[、，,；;\n]/).map((unit) => unit.trim()))].filter((unit) => unit !== '');
}
