import type { ElementRule, Elements, Kind, ListOf } from './georeport-v2.ts';

/** An element of an XML answer: text, or the elements in it in their order. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Reads an XML answer: the declaration with UTF-8, one root, no attributes and no namespaces ("schemaless and without a namespace declaration").
 * @throws Error naming what is not well formed
 */
export function readXml(source: string): XmlElement {
  const head = /^<\?xml version="1\.0" encoding="utf-8"\?>\s*/i.exec(source);
  if (!head) throw new Error('no declaration of XML in UTF-8');
  const open: { readonly name: string; text: string; readonly children: XmlElement[] }[] = [];
  let root: XmlElement | null = null;
  let at = head[0].length;
  while (at < source.length) {
    const tag = /^<(\/?)([a-z_]+)(\/?)>/.exec(source.slice(at, at + 80));
    const words = tag ? null : /^[^<]+/.exec(source.slice(at));
    const inside = open.at(-1);
    if (words) {
      if (!inside && words[0].trim() !== '') throw new Error(`words outside the root at ${at}`);
      if (inside) inside.text += plainOf(words[0]);
      at += words[0].length;
      continue;
    }
    if (!tag) throw new Error(`not a plain tag at ${at}`);
    at += tag[0].length;
    const [, isEnd, name = '', isEmpty] = tag;
    if (isEnd) {
      const ended = open.pop();
      if (ended?.name !== name) throw new Error(`<${ended?.name}> is ended by </${name}>`);
      if (ended.children.length > 0 && ended.text.trim() !== '') throw new Error(`words between elements of ${name}`);
      if (open.length === 0) root = root ? fail('two roots') : ended;
      else open.at(-1)?.children.push(ended);
    } else if (isEmpty) inside?.children.push({ name, text: '', children: [] });
    else open.push({ name, text: '', children: [] });
  }
  if (open.length > 0 || !root) throw new Error('the answer ends early');
  return root;
}

function plainOf(words: string): string {
  if (/&(?!(amp|lt|gt|quot|apos);)/.test(words)) throw new Error('an entity that XML does not know');
  return words.replaceAll(/&(\w+);/g, (_all, name: string) => ENTITIES[name] ?? '');
}

function fail(why: string): never {
  throw new Error(why);
}

const W3_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

function isList(kind: Kind): kind is ListOf {
  return typeof kind === 'object' && 'item' in kind;
}

/** What one value, as text, breaks of its rule; null for nothing. */
function breaks(rule: ElementRule, value: string): string | null {
  const { kind } = rule;
  if (value === '') return rule.mayBeEmpty ? null : 'is empty';
  if (kind === 'boolean') return /^(true|false)$/.test(value) ? null : 'is neither true nor false';
  if (kind === 'number') return Number.isFinite(Number(value)) ? null : 'is no number';
  if (kind === 'w3-time') return W3_TIME.test(value) ? null : 'is no time of the W3 note with its zone';
  if (Array.isArray(kind)) return kind.includes(value) ? null : `is none of ${kind.join(', ')}`;
  return null;
}

/** The names of the elements against the rules: none that is foreign, none missing. */
function namesFound(rules: Elements, names: readonly string[], place: string): string[] {
  const foreign = names.filter((name) => !(name in rules)).map((name) => `${place}/${name} is foreign`);
  const missing = Object.entries(rules)
    .filter(([name, rule]) => !rule.mayBeMissing && !names.includes(name))
    .map(([name]) => `${place}/${name} is missing`);
  const twice = names.filter((name, index) => names.indexOf(name) < index).map((name) => `${place}/${name} is twice`);
  return [...foreign, ...missing, ...twice];
}

/** What an XML element breaks of the rules for its elements. */
export function faultsOfXml(rules: Elements, element: XmlElement, place = element.name): string[] {
  const names = element.children.map(({ name }) => name);
  const inside = element.children.flatMap((child) => {
    const rule = rules[child.name];
    const here = `${place}/${child.name}`;
    if (!rule) return [];
    if (!isList(rule.kind)) {
      const fault = child.children.length > 0 ? 'has elements' : breaks(rule, child.text);
      return fault ? [`${here} ${fault}`] : [];
    }
    const { item, of } = rule.kind;
    if (child.children.length === 0 && !rule.mayBeEmpty) return [`${here} is empty`];
    return child.children.flatMap((one) => {
      if (one.name !== item) return [`${here}/${one.name} is foreign`];
      if (of === 'text') return one.text === '' ? [`${here}/${item} is empty`] : [];
      return faultsOfXml(of, one, `${here}/${item}`);
    });
  });
  return [...namesFound(rules, names, place), ...inside];
}

/** What an object of a JSON answer breaks: the Spark convention maps a list to an array of its items and what is empty to null. */
export function faultsOfJson(rules: Elements, value: unknown, place: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${place} is no object`];
  const inside = Object.entries(value).flatMap(([name, one]: [string, unknown]) => {
    const rule = rules[name];
    const here = `${place}/${name}`;
    if (!rule) return [];
    if (!isList(rule.kind)) {
      const isTyped = rule.kind !== 'boolean' || typeof one === 'boolean';
      const isCounted = rule.kind !== 'number' || one === null || typeof one === 'number';
      if (one === '' || (typeof one === 'object' && one !== null)) return [`${here} is not null, and says nothing`];
      if (!isTyped || !isCounted) return [`${here} is of another type`];
      const fault = breaks(rule, one === null ? '' : String(one));
      return fault ? [`${here} ${fault}`] : [];
    }
    const { of } = rule.kind;
    if (!Array.isArray(one)) return [`${here} is no array`];
    if (one.length === 0 && !rule.mayBeEmpty) return [`${here} is empty`];
    return one.flatMap((item: unknown) => {
      if (of === 'text') return typeof item === 'string' && item !== '' ? [] : [`${here} has an item that is no text`];
      return faultsOfJson(of, item, here);
    });
  });
  return [...namesFound(rules, Object.keys(value), place), ...inside];
}

/** An XML element as JSON says the same (Spark), all values as text. */
export function toPlain(rules: Elements, element: XmlElement): unknown {
  return Object.fromEntries(
    element.children.map((child) => {
      const kind = rules[child.name]?.kind;
      if (!kind || !isList(kind)) return [child.name, child.text];
      const { of } = kind;
      return [child.name, child.children.map((one) => (of === 'text' ? one.text : toPlain(of, one)))];
    }),
  );
}

/** A JSON value with all values as text, to be compared with {@link toPlain}. */
export function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asText);
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, asText(one)]));
}
