import { useState } from 'react';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { useReferenceData } from '#renderer/platform/reference-data.ts';
import { clock } from '#renderer/ui/now.ts';
import { shippedCalendar } from '#shared/domain/clock/shipped-calendar.ts';
import { shippedDispatchRules } from '#shared/domain/dispatch/dispatch-rules.ts';
import { type DispatchFacts, type RankedUnit, rankUnits } from '#shared/domain/dispatch/rank-units.ts';
import type { Candidate, Decidable } from './written-decision.ts';

/** The units the rule names for each of some tickets, the best first: none where it does not say, or where no unit is chosen. */
export function useProposals(tickets: readonly Decidable[], isUnitChosen: boolean): readonly Candidate[] {
  const data = useReferenceData();
  const [at] = useState(() => clock.now());
  const facts = tickets.map(({ categoryCode, divisionCode, urgency, returnedBy }): DispatchFacts | null => {
    const category = categoryCode === null ? undefined : data?.categoryByCode.get(categoryCode);
    const place = divisionCode === null ? undefined : data?.divisionByCode.get(divisionCode);
    return isUnitChosen && category && place ? { category, place: place.names, urgency, returnedBy } : null;
  });
  // Which units there are does not depend on what they have in hand.
  const units = [...new Set(rankAll(facts, at, null).flatMap((all) => all.map(({ unit }) => unit)))];
  const { data: loads } = useLiveQuery(
    ['tickets'],
    () => (units.length === 0 ? Promise.resolve(null) : dataClient.tickets.unitLoads({ units })),
    [units.join('\n')],
  );
  const ranked = rankAll(facts, at, loads ? new Map(Object.entries(loads)) : null);
  return tickets.map((ticket, index) => ({ ticket, ranked: ranked[index] ?? [] }));
}

function rankAll(
  facts: readonly (DispatchFacts | null)[],
  at: number,
  loads: ReadonlyMap<string, number> | null,
): readonly (readonly RankedUnit[])[] {
  return facts.map((one) => (one ? rankUnits(one, at, loads, shippedDispatchRules(), shippedCalendar()) : []));
}
