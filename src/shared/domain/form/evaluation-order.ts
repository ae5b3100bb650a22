import { err, ok, type Result } from '../../kernel/result.ts';
import type { CompiledCondition, CompiledSection } from './compiled-form.ts';
import { type Expression, fieldsOf } from './expression-parser.ts';

/**
 * Puts fields into an order in which each value depends on earlier ones only. A value depends on what its field's (and its
 * section's) visibility looks at, on the choice above a dependent choice, and on what a computed field reads.
 * @returns ids in order, or the ids of a circle
 */
export function evaluationOrder(sections: readonly CompiledSection[]): Result<readonly string[], readonly string[]> {
  const needs = new Map<string, ReadonlySet<string>>();
  for (const section of sections) {
    const ofSection = readsOf(section.visible);
    for (const { field, visible, computed } of section.fields) {
      const above = field.type === 'dependent-choice' ? [field.dependsOn] : [];
      needs.set(field.id, new Set([...ofSection, ...readsOf(visible), ...readsOf(computed), ...above]));
    }
  }
  const order: string[] = [];
  const done = new Set<string>();
  const open: string[] = [];
  const visit = (id: string): readonly string[] | null => {
    if (done.has(id)) return null;
    if (open.includes(id)) return [...open.slice(open.indexOf(id)), id];
    open.push(id);
    for (const needed of needs.get(id) ?? []) {
      const circle = visit(needed);
      if (circle) return circle;
    }
    open.pop();
    done.add(id);
    order.push(id);
    return null;
  };
  for (const id of needs.keys()) {
    const circle = visit(id);
    if (circle) return err(circle);
  }
  return ok(order);
}

function readsOf(condition: CompiledCondition | Expression | null): readonly string[] {
  return condition === null || typeof condition === 'boolean' ? [] : [...fieldsOf(condition)];
}
