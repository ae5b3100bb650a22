import { headOf } from '../kernel/text.ts';
import { eraseFromText, hideCaller } from './mask-text.ts';
import { isConfidential, secretsOf } from './masking.ts';
import { LIMITS, type TicketFields } from './ticket.ts';

/**
 * Words written about one ticket as they are told on another, which may be read by more people and whose citizen is somebody else: never
 * with name or number of the first one's caller; of a caller who is to be kept secret without the place and every other long number, too.
 * @param fields of the ticket they were written about; null, which is treated as secret, when nothing is known of it
 * @returns at most `LIMITS.longText` UTF-16 units
 */
export function tellElsewhere(words: string, fields: TicketFields | null): string {
  const secrets = fields ? secretsOf(fields) : { names: [], phones: [], addresses: [] };
  const isSecret = fields === null || isConfidential(fields);
  return headOf(isSecret ? eraseFromText(words, secrets) : hideCaller(words, secrets), LIMITS.longText);
}
