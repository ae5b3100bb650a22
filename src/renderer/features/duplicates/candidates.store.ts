import { useEffect } from 'react';
import { z } from 'zod';
import { create } from 'zustand';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { useSettled } from '#renderer/ui/settled.ts';
import type { DuplicateCandidate } from '#shared/contract/duplicates.contract.ts';
import { type DuplicateProbeInput, duplicateProbeSchema, PROBE_TEXT } from '#shared/contract/duplicates.contract.ts';
import type { IntakeContent } from '#shared/domain/intake.ts';
import { headOf } from '#shared/kernel/text.ts';

/** Pause in the typing before tickets about the same matter are looked for, in ms. */
const SETTLE_MS = 250;

/** Tickets that may be about what is being written, the likeliest first. */
export const useCandidateStore = create<{ readonly candidates: readonly DuplicateCandidate[] }>(() => ({
  candidates: [],
}));

/** Follows what is being written in a draft; nothing while there is none. */
export function useCandidates(draftKey: string | null, content: IntakeContent | null): void {
  const settled = useSettled(JSON.stringify({ draftKey, probe: content && toProbe(content) }), SETTLE_MS);
  const { data } = useLiveQuery(
    ['tickets'],
    async (signal) => {
      const asked = readAsked(settled);
      const found = asked.probe ? await dataClient.duplicates.find({ probe: asked.probe }, { signal }) : [];
      return { draftKey: asked.draftKey, found };
    },
    [settled],
  );
  // What was found for another draft says nothing of this one.
  const found = data && data.draftKey === draftKey && content ? data.found : NONE;
  useEffect(() => {
    useCandidateStore.setState({ candidates: found });
  }, [found]);
}

const NONE: readonly DuplicateCandidate[] = [];

function toProbe(content: IntakeContent): DuplicateProbeInput {
  const { caller, title, subject, place, categoryCode } = content;
  return {
    phone: caller.anonymous ? '' : caller.phone,
    title,
    content: headOf(content.content, PROBE_TEXT),
    originalWords: headOf(content.originalWords, PROBE_TEXT),
    subject,
    place,
    categoryCode,
  };
}

const askedSchema = z.object({ draftKey: z.string().nullable(), probe: duplicateProbeSchema.nullable().catch(null) });

/** No probe when there is nothing to compare, or text that no ticket can hold: that is said at its field. */
function readAsked(text: string): z.infer<typeof askedSchema> {
  const asked = askedSchema.parse(JSON.parse(text));
  const { probe } = asked;
  const words = probe && [probe.title, probe.content, probe.originalWords, probe.place.address].join('').trim();
  return words ? asked : { ...asked, probe: null };
}
