import { listQualityIds, listQualityRows } from '#main/data/services/quality.service.ts';
import type { WorkContext } from '#main/data/services/work-context.ts';
import type { QualityLine } from '#shared/contract/quality.contract.ts';
import type { QualityList } from '#shared/domain/quality/quality-list.ts';

/** The first lines of a list of 质检, as the page reads them: ids, then what they name. */
export function listQuality(ctx: WorkContext, list: QualityList, limit: number): readonly QualityLine[] {
  return listQualityRows(ctx, list, listQualityIds(ctx, { list }, limit).ids).map(({ line }) => line);
}
