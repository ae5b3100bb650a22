import type { CitizenFields } from '#shared/domain/citizen.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import { foldText } from '#shared/kernel/text.ts';

/** Between two fields; no query can contain it, so nothing is found across a border. */
const SEPARATOR = '\n';

/** Everything of a person that search finds by text: name, phone numbers as digits, remark. */
export function citizenText({ name, phones, remark }: Pick<CitizenFields, 'name' | 'phones' | 'remark'>): string {
  return foldText([name, ...phones.map((phone) => normalizePhone(phone) || phone), remark].join(SEPARATOR));
}
