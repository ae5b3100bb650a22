import type { CitizenFields } from '#shared/domain/citizen.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import { foldText } from '#shared/kernel/text.ts';

/** Between two fields; no query can contain it, so nothing is found across a border. */
const SEPARATOR = '\n';

/** Everything of a person that search finds by text: name, phone numbers as digits, remark. */
export function citizenText({ name, phones, remark }: Pick<CitizenFields, 'name' | 'phones' | 'remark'>): string {
  // A masked number stays as it is shown: its parts are no neighbours.
  const digits = phones.map((phone) => (phone.includes('*') ? phone : normalizePhone(phone) || phone));
  return foldText([name, ...digits, remark].join(SEPARATOR));
}
