import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { useDialogWork } from '#renderer/terms/dialog-work.ts';
import type { DecisionRefusal } from '#shared/contract/tickets.contract.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import type { Decidable } from './written-decision.ts';

interface Line {
  readonly ticket: Pick<Decidable, 'uid' | 'status'>;
  /** Null for a ticket that is left alone. */
  readonly act: TicketAct | null;
}

/**
 * Sends the decisions of a dialog about some tickets. Those that were done are done; what was refused stays in sight with its reason.
 * @param what name of what was decided, for the notice
 */
export function useDecide(what: string, onDone: () => void) {
  const { t } = useTranslation();
  const [refused, setRefused] = useState<ReadonlyMap<string, DecisionRefusal>>(new Map());
  const { working, message, run } = useDialogWork();
  const decide = (lines: readonly Line[], words: string) =>
    run(async () => {
      const decisions = lines.flatMap(({ ticket: { uid, status: from }, act }) =>
        act ? [{ uid, from, act, words: words.trim() }] : [],
      );
      const { outcomes } = await dataClient.tickets.decide({ decisions });
      const left = outcomes.flatMap(({ uid, refused: reason }) => (reason ? [[uid, reason] as const] : []));
      const done = outcomes.length - left.length;
      if (done > 0) showNotice('success', t('tickets.decide.done', { what, count: done }));
      if (left.length === 0) onDone();
      else setRefused(new Map(left));
    });
  return { refused, working, message, decide };
}
