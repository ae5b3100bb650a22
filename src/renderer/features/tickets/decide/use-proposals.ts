import { useCallback } from 'react';
import { useReferenceData } from '#renderer/platform/reference-data.ts';
import type { TicketSummary } from '#shared/contract/tickets.contract.ts';
import { proposeUnit, type UnitProposal } from '#shared/domain/propose-unit.ts';

/** Proposes a unit for a ticket by its category and place; null where the rule does not say. */
export function useProposals(): (ticket: Pick<TicketSummary, 'categoryCode' | 'divisionCode'>) => UnitProposal | null {
  const data = useReferenceData();
  return useCallback(
    ({ categoryCode, divisionCode }) => {
      const category = categoryCode === null ? undefined : data?.categoryByCode.get(categoryCode);
      const place = divisionCode === null ? undefined : data?.divisionByCode.get(divisionCode);
      return category && place ? proposeUnit(category, place.names) : null;
    },
    [data],
  );
}
