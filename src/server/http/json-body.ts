import { ServiceError } from '../service-error.ts';

const MAX_DEPTH = 20;

/**
 * Parses a request body: JSON no deeper than 20 levels, without `__proto__` keys.
 * @throws ServiceError BAD_INPUT
 */
export function parseJsonBody(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ServiceError('BAD_INPUT');
  }
  if (!isShallow(value, MAX_DEPTH)) throw new ServiceError('BAD_INPUT');
  return value;
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isShallow(item, levels - 1));
  for (const [key, item] of Object.entries(value)) {
    if (key === '__proto__' || !isShallow(item, levels - 1)) return false;
  }
  return true;
}
