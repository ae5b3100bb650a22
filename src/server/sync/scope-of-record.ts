import type { SyncedRecord } from '#shared/domain/record.ts';
import { assertNever } from '#shared/kernel/assert-never.ts';
import { knowledgeScope, personScope, qualityScope, seatScope } from '#shared/sync/protocol.ts';

/** The scope a document belongs to for ever. */
export function scopeOfRecord(record: SyncedRecord): string {
  const { centre } = record;
  switch (record.kind) {
    case 'article':
      return knowledgeScope(centre);
    case 'handover':
      return seatScope(centre, record.doc.toSeat);
    case 'check':
    case 'calibration':
      return qualityScope(centre, record.doc.line);
    case 'check_copy':
      return personScope(centre, record.doc.agentId);
    default:
      return assertNever(record, 'document');
  }
}
