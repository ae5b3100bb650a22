import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import type { TicketSummary } from '#shared/contract/tickets.contract.ts';
import type { Role } from '#shared/domain/roles.ts';
import { ChoiceDialog } from './ChoiceDialog.tsx';
import { type Choice, choiceOfKey, choicesOf, isForMany, keyOf, TRIAGE_KEYS, type TriageKey } from './choices.ts';
import classes from './Decide.module.css';

interface TriageBarProps {
  readonly role: Role;
  /** What the keys act on: the marked tickets, or the one under the cursor. */
  readonly tickets: readonly TicketSummary[];
  /** How many are marked; null where nothing is. */
  readonly marked: number | null;
  readonly onDone: () => void;
}

/** What can be decided about the tickets chosen in the list, one key each. */
export function TriageBar({ role, tickets, marked, onDone }: TriageBarProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<{ readonly choice: Choice; readonly tickets: readonly TicketSummary[] } | null>(
    null,
  );
  // What can be done with any of them; the preview says which ones are left alone.
  const free = tickets.filter(({ refused }) => refused === null);
  const choices = [...new Set(free.flatMap(({ status }) => choicesOf(role, status)))].filter((choice) =>
    isForMany(choice, tickets.length),
  );
  const start = (choice: Choice) => setOpen({ choice, tickets });
  const choiceOf = (key: TriageKey) =>
    free
      .map(({ status }) => choiceOfKey(role, status, key))
      .find((choice) => choice !== null && isForMany(choice, tickets.length)) ?? null;
  return (
    <div className={classes.bar}>
      <span className={classes.count}>
        {marked !== null && marked > 0 && t('tickets.decide.marked', { count: marked })}
        {marked === 0 && tickets.length > 0 && t('tickets.decide.markHint')}
      </span>
      {choices.map((choice) => {
        const key = keyOf(choice);
        return (
          <Button
            key={choice}
            size="compact-sm"
            variant="default"
            rightSection={key && <KeyHint keys={actionKey(key)} />}
            {...(key ? { 'aria-keyshortcuts': actionKey(key) } : {})}
            onClick={() => start(choice)}
            data-testid={TEST_IDS.triage(choice)}
          >
            {t(`tickets.decide.name.${choice}`)}
          </Button>
        );
      })}
      {TRIAGE_KEYS.map((key) => (
        <TriageKeyAction key={key} id={key} choice={choiceOf(key)} onChoose={start} />
      ))}
      {open && (
        <ChoiceDialog
          {...open}
          mayDecide={(status) => choicesOf(role, status).includes(open.choice)}
          onClose={() => setOpen(null)}
          onDone={() => {
            setOpen(null);
            onDone();
          }}
        />
      )}
    </div>
  );
}

interface TriageKeyActionProps {
  readonly id: TriageKey;
  readonly choice: Choice | null;
  readonly onChoose: (choice: Choice) => void;
}

function TriageKeyAction({ id, choice, onChoose }: TriageKeyActionProps) {
  useAction(id, () => choice && onChoose(choice), choice !== null);
  return null;
}
