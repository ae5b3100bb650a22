import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { lastStepOf } from '#shared/domain/last-step.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { ActAction } from '#shared/domain/ticket-act.ts';
import { handlingOf } from '#shared/domain/ticket-handling.ts';
import { ChoiceDialog } from './ChoiceDialog.tsx';
import { type Choice, choicesOfActs } from './choices.ts';
import classes from './Decide.module.css';
import type { Decidable } from './written-decision.ts';

interface TicketChoicesProps {
  readonly ticket: Ticket;
  /** What this user may decide about it now. */
  readonly acts: readonly ActAction[];
}

/** The same decisions beside the ticket as in the list. */
export function TicketChoices({ ticket, acts }: TicketChoicesProps) {
  const { t } = useTranslation();
  const [choice, setChoice] = useState<Choice | null>(null);
  const choices = choicesOfActs(acts, ticket.status);
  if (choices.length === 0) return null;
  return (
    <div className={classes.choices}>
      {choices.map((one) => (
        <Button
          key={one}
          size="compact-sm"
          variant="default"
          onClick={() => setChoice(one)}
          data-testid={TEST_IDS.ticketChoice(one)}
        >
          {t(`tickets.decide.name.${one}`)}
        </Button>
      ))}
      {choice && (
        <ChoiceDialog
          choice={choice}
          mayDecide={(_status, action) => acts.includes(action)}
          tickets={[toDecidable(ticket)]}
          onClose={() => setChoice(null)}
          onDone={() => setChoice(null)}
        />
      )}
    </div>
  );
}

function toDecidable(ticket: Ticket): Decidable {
  const { uid, number, provisionalNo, status, fields, unit, acceptedAt, createdAt } = ticket;
  const { returnedBy, request } = handlingOf(ticket);
  const last = lastStepOf(ticket);
  return {
    uid,
    number,
    provisionalNo,
    status,
    title: fields.title,
    excerpt: fields.content,
    categoryCode: fields.categoryCode,
    divisionCode: fields.place.divisionCode,
    urgency: fields.urgency,
    unit,
    acceptedAt,
    createdAt,
    returnedBy,
    proposedUnder: ticket.link?.state === 'proposed' ? ticket.link.parentUid : null,
    children: 0,
    step: last ? { at: last.at, byName: last.actorName, text: last.text, days: request?.days ?? null } : null,
  };
}
