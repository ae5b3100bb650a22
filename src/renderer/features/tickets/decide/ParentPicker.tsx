import { TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ClockTag } from '#renderer/terms/ClockTag.tsx';
import { TicketStatusTag } from '#renderer/terms/TicketStatusTag.tsx';
import { QUERY_MAX, useTextProblem } from '#renderer/terms/text-problem.ts';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';
import { PROBE_TEXT } from '#shared/contract/duplicates.contract.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import classes from './Decide.module.css';
import { type ParentChoice, type ParentLine, parentLines } from './merge-decision.ts';
import type { Decidable } from './written-decision.ts';

/** Tickets shown for a search. */
const MOST_FOUND = 6;

interface ParentPickerProps {
  readonly control: FieldControl;
  readonly tickets: readonly Decidable[];
  readonly choice: ParentChoice;
  readonly onChoice: (choice: ParentChoice) => void;
}

/** The 母单: one of the chosen tickets, one that may be about the same matter, or one that is looked up. */
export function ParentPicker({ control, tickets, choice, onChoice }: ParentPickerProps) {
  const { t } = useTranslation();
  const name = useId();
  const [query, setQuery] = useState('');
  const problem = useTextProblem()(query, QUERY_MAX);
  const wanted = problem === null ? query : '';
  const [only] = tickets;
  const uid = tickets.length === 1 ? only?.uid : undefined;
  const { data: alike = [] } = useLiveQuery(['tickets'], () => suggestParents(uid), [uid ?? '']);
  const { data: found = [] } = useLiveQuery(['tickets'], (signal) => findParents(wanted, signal), [wanted]);
  const chosen = tickets.length > 1 ? tickets : [];
  const lines = parentLines(chosen, alike, found).filter((line) => line.uid !== uid);
  const isProposed = tickets.every(({ proposedUnder }) => proposedUnder !== null);
  return (
    <>
      <div role="radiogroup" aria-labelledby={control.labelId} className={classes.parents}>
        {isProposed && (
          <label className={classes.parent}>
            <input
              type="radio"
              name={name}
              checked={choice === 'proposed'}
              onChange={() => onChoice('proposed')}
              data-testid={TEST_IDS.clusterParent('proposed')}
            />
            <span className={classes.parentTitle}>{t('tickets.merge.asProposed')}</span>
          </label>
        )}
        {lines.map((line) => (
          <label key={line.uid} className={classes.parent}>
            <input
              type="radio"
              name={name}
              checked={choice === line.uid}
              onChange={() => onChoice(line.uid)}
              data-testid={TEST_IDS.clusterParent(line.uid)}
            />
            <span>{displayTicketNumber(line)}</span>
            <span className={classes.parentTitle}>{line.title || line.excerpt}</span>
            {line.children > 0 && <span>{t('tickets.merge.children', { count: line.children })}</span>}
            <span>{line.unit}</span>
            <TicketStatusTag status={line.status} />
            {line.clock && <ClockTag summary={line.clock} isShort />}
          </label>
        ))}
      </div>
      <TextInput
        value={query}
        error={problem}
        placeholder={t('tickets.merge.find')}
        aria-label={t('tickets.merge.find')}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setQuery(event.currentTarget.value)}
        data-testid={TEST_IDS.clusterFind}
      />
    </>
  );
}

/** The proposed 母单 of a ticket first, then what may be about the same matter. */
async function suggestParents(uid: TicketId | undefined): Promise<readonly ParentLine[]> {
  if (uid === undefined) return [];
  const [{ fields }, { parent }] = await Promise.all([
    dataClient.tickets.get({ uid }),
    dataClient.duplicates.relations({ uid }),
  ]);
  const { title, content, originalWords, subject, place, categoryCode } = fields;
  const cut = (text: string) => text.slice(0, PROBE_TEXT);
  const probe = {
    phone: '',
    title,
    content: cut(content),
    originalWords: cut(originalWords),
    subject,
    place,
    categoryCode,
  };
  const alike = await dataClient.duplicates.find({ probe, limit: MOST_FOUND });
  return [...(parent ? [parent] : []), ...alike.map((one) => one.parent ?? one.ticket)];
}

async function findParents(query: string, signal: AbortSignal): Promise<readonly ParentLine[]> {
  if (query.trim() === '') return [];
  return (await dataClient.tickets.search({ query, limit: MOST_FOUND }, { signal })).tickets;
}
