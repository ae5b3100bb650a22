import type { CompiledForm } from './compiled-form.ts';
import { walkExpression } from './expression-parser.ts';

/**
 * True when nothing in a form asks about the ticket around it or the day: what comes of it while nobody has filled it in depends on the role and
 * the line alone, as in the general form that most tickets have.
 */
export function isForItself({ sections, order }: CompiledForm): boolean {
  const conditions = [
    ...sections.map(({ visible }) => visible),
    ...order.flatMap(({ visible, required, enabled, computed, checks }) => [
      visible,
      required,
      enabled,
      computed ?? false,
      ...checks.map(({ rule }) => rule),
    ]),
  ];
  let looksAround = false;
  for (const condition of conditions) {
    if (typeof condition === 'boolean') continue;
    walkExpression(condition, ({ kind }) => {
      looksAround ||= kind === 'context';
    });
  }
  return !looksAround;
}
