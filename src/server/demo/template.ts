import type { Rng } from './rng.ts';

/** A value as an official writes it and as a citizen says it. */
export interface SlotValue {
  readonly formal: string;
  readonly spoken: string;
}

/** Values of the slots of one ticket, by slot number. */
export type SlotValues = (SlotValue | undefined)[];

type Part =
  | string
  | { readonly slot: number; readonly spoken: boolean }
  | { readonly options: readonly Template[]; readonly byCase: boolean };
/**
 * A compiled text: `{slot}` formal, `{slot~}` spoken, `[a|b]` one of several by chance, `<a|b>` one of several by the
 * ticket's case, so that title, words and reply of one ticket speak of the same thing.
 */
export type Template = readonly Part[];

/** How a text's names are understood. */
export interface TemplateScope {
  /** Number of a slot, or null when there is none of that name. */
  slot(name: string): number | null;
  /** Phrases that a name stands for, one of them drawn anew at each place, or null. */
  phrases(name: string): readonly string[] | null;
}

/** @throws naming the text, for an unknown name or a bracket that is not closed */
export function compileTemplate(text: string, scope: TemplateScope): Template {
  const fail = (why: string): never => {
    throw new Error(`${why} in template "${text}"`);
  };
  let at = 0;
  const parseSequence = (nested: boolean): Template => {
    const parts: Part[] = [];
    let literal = '';
    const flush = () => {
      if (literal) parts.push(literal);
      literal = '';
    };
    while (at < text.length) {
      const char = text[at];
      if (nested && (char === '|' || char === ']' || char === '>')) break;
      at++;
      if (char === '{') {
        const end = text.indexOf('}', at);
        if (end < 0) fail('Open brace');
        flush();
        parts.push(compileName(text.slice(at, end)));
        at = end + 1;
      } else if (char === '[' || char === '<') {
        flush();
        parts.push(parseAlternatives(char === '[' ? ']' : '>'));
      } else if (char === ']' || char === '>' || char === '}' || char === '|') {
        fail(`Stray ${char}`);
      } else {
        literal += char;
      }
    }
    flush();
    return parts;
  };
  const parseAlternatives = (closing: ']' | '>'): Part => {
    const options: Template[] = [];
    while (true) {
      options.push(parseSequence(true));
      const end = text[at++];
      if (end === closing) return { options, byCase: closing === '>' };
      if (end !== '|') fail('Open bracket');
    }
  };
  const compileName = (name: string): Part => {
    const spoken = name.endsWith('~');
    const plain = spoken ? name.slice(0, -1) : name;
    const phrases = scope.phrases(plain);
    if (phrases) return { options: phrases.map((phrase) => compileTemplate(phrase, scope)), byCase: false };
    const slot = scope.slot(plain);
    return slot === null ? fail(`Unknown name ${name}`) : { slot, spoken };
  };
  return parseSequence(false);
}

/**
 * @param caseNo chooses among `<a|b>`, whatever their number
 * @throws when a slot has no value, which is a fault of the generator
 */
export function renderTemplate(template: Template, values: SlotValues, caseNo: number, rng: Rng): string {
  let text = '';
  for (const part of template) {
    if (typeof part === 'string') text += part;
    else if (isSlot(part)) {
      const value = values[part.slot];
      if (!value) throw new Error(`Slot ${part.slot} has no value`);
      text += part.spoken ? value.spoken : value.formal;
    } else {
      const option = part.byCase ? part.options[caseNo % part.options.length] : rng.pick(part.options);
      if (option) text += renderTemplate(option, values, caseNo, rng);
    }
  }
  return text;
}

/** Slot numbers a text needs. */
export function slotsOf(template: Template): ReadonlySet<number> {
  const found = new Set<number>();
  const visit = (parts: Template) => {
    for (const part of parts) {
      if (typeof part === 'string') continue;
      if (isSlot(part)) found.add(part.slot);
      else for (const option of part.options) visit(option);
    }
  };
  visit(template);
  return found;
}

function isSlot(part: Exclude<Part, string>): part is { readonly slot: number; readonly spoken: boolean } {
  return 'slot' in part;
}

/** "约30厘米|到小腿肚子了" → both forms; without a bar the spoken form is the formal one. */
export function parseSlotValue(written: string): SlotValue {
  const [formal = '', spoken = formal] = written.split('|');
  return { formal, spoken };
}
