import type { DivisionEntry } from '../division.ts';
import { foldAddress, hasWordAt, NamesByStart, PairFilter } from './address-text.ts';
import { ADDRESS_WORDS } from './address-words.ts';

/** A division's name found in a text. */
export interface DivisionMention {
  /** Length of the name in the text. */
  readonly length: number;
  /** All divisions that bear it. */
  readonly entries: readonly DivisionEntry[];
  /** Without its 市, 区, 街道. */
  readonly isShort: boolean;
}

/** Names of divisions by the first two characters. */
export interface DivisionNames {
  /** Where one of them, or any other word that matters in an address, may start. */
  readonly starts: PairFilter;
  /** The province's full name or the short one, when it starts at a position of a folded text. */
  provinceAt(text: string, position: number): string | null;
  /** The longest name that starts at a position of a folded text. */
  at(text: string, position: number): DivisionMention | null;
}

const SUFFIX = /(?:自治县|市|区|县|街道办事处|街道|镇|乡)$/;
/** A short form that is itself a road, an estate or a common word says nothing about the division. */
const NO_SHORT = /[路街巷道村园城里]$|^(?:开发|高新|经济|工业|幸福|五星|先锋|大桥|城[东西南北中]|中心|科技|胜利|解放)$/;
/** Every second city has one: the name alone says nothing. */
const GENERIC = /^(?:经济|高新|技术|产业)*(?:开发区|高新区|园区|新区)$/;
const OFFICE = /^(?:办事处|办)/;

interface Name {
  readonly text: string;
  readonly mention: DivisionMention & { readonly entries: DivisionEntry[] };
}

/** Prepares the names of divisions for looking them up in texts. */
export function createDivisionNames(province: string, divisions: readonly DivisionEntry[]): DivisionNames {
  const names = new Map<string, Name>();
  const add = (text: string, isShort: boolean, entry: DivisionEntry) => {
    const known = names.get(text);
    if (known) known.mention.entries.push(entry);
    else names.set(text, { text, mention: { length: text.length, entries: [entry], isShort } });
  };
  for (const entry of divisions) {
    const full = foldAddress(entry.names.at(-1) ?? '');
    if (GENERIC.test(full) || (full.length < 4 && !SUFFIX.test(full))) continue;
    add(full, false, entry);
    const short = full.replace(SUFFIX, '');
    if (short !== full && short.length >= 2 && !NO_SHORT.test(short)) add(short, true, entry);
  }
  const longestFirst = [...names.values()].sort((a, b) => b.text.length - a.text.length);
  const byStart = new NamesByStart(longestFirst);
  const provinces = [province, province.replace(/省$/, '')].filter((name) => name !== '');
  return {
    starts: new PairFilter([...ADDRESS_WORDS, ...names.keys(), ...provinces]),
    provinceAt: (text, position) => {
      for (const name of provinces) if (hasWordAt(text, name, position)) return name;
      return null;
    },
    at: (text, position) => {
      const name = byStart.at(text, position);
      return name && withOffice(name, text, position);
    },
  };
}

/** 宁海路街道办事处 is 宁海路街道. */
function withOffice({ text: name, mention }: Name, text: string, position: number): DivisionMention {
  if (!name.endsWith('街道')) return mention;
  const office = OFFICE.exec(text.slice(position + name.length, position + name.length + 3))?.[0].length ?? 0;
  return office === 0 ? mention : { ...mention, length: mention.length + office };
}
