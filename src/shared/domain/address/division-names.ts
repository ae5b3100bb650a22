import type { DivisionEntry } from '../division.ts';
import { foldAddress, UnitSet } from './address-text.ts';

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
  /** The province's full name and the short one. */
  readonly province: readonly string[];
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
  readonly isShort: boolean;
  readonly entries: DivisionEntry[];
}

/** Prepares the names of divisions for looking them up in texts. */
export function createDivisionNames(province: string, divisions: readonly DivisionEntry[]): DivisionNames {
  const names = new Map<string, Name>();
  const add = (text: string, isShort: boolean, entry: DivisionEntry) => {
    const known = names.get(text);
    if (known) known.entries.push(entry);
    else names.set(text, { text, isShort, entries: [entry] });
  };
  for (const entry of divisions) {
    const full = foldAddress(entry.names.at(-1) ?? '');
    if (GENERIC.test(full) || (full.length < 4 && !SUFFIX.test(full))) continue;
    add(full, false, entry);
    const short = full.replace(SUFFIX, '');
    if (short !== full && short.length >= 2 && !NO_SHORT.test(short)) add(short, true, entry);
  }
  const byStart = Map.groupBy(names.values(), ({ text }) => text.slice(0, 2));
  const firstUnits = UnitSet.of([...byStart.keys()].map((start) => start.charAt(0)).join(''));
  for (const list of byStart.values()) list.sort((a, b) => b.text.length - a.text.length);
  return {
    province: [province, province.replace(/省$/, '')],
    at: (text, position) => {
      if (!firstUnits.has(text.charCodeAt(position))) return null;
      const found = byStart
        .get(text.slice(position, position + 2))
        ?.find((name) => text.startsWith(name.text, position));
      if (!found) return null;
      const { text: name, entries, isShort } = found;
      const office = name.endsWith('街道') ? (OFFICE.exec(text.slice(position + name.length))?.[0].length ?? 0) : 0;
      return { length: name.length + office, entries, isShort };
    },
  };
}
