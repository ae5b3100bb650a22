import { Button } from '@mantine/core';
import { IconCopyCheck } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { drawNow } from '#renderer/platform/draw-now.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ClockTag } from '#renderer/terms/ClockTag.tsx';
import { useCoverage } from '#renderer/terms/coverage.ts';
import { TicketStatusTag } from '#renderer/terms/TicketStatusTag.tsx';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import type { DuplicateCandidate } from '#shared/contract/duplicates.contract.ts';
import { FINISHED_STATUSES } from '#shared/domain/ticket-status.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { useCandidateStore } from './candidates.store.ts';
import classes from './Duplicates.module.css';

/** What can be done with the form on the screen and a ticket about the same matter. */
export interface JoinActions {
  /** Adds what is written to the ticket and closes the form; can be taken back. */
  readonly join: (ticketUid: TicketId, kind: 'note' | 'remind') => void;
  /** Proposes the ticket as 母单 when the form is submitted; null takes the plan back. */
  readonly plan: (parentUid: TicketId | null) => void;
  /** The 母单 that is planned now. */
  readonly planned: TicketId | null;
  /** False where the form cannot be joined to another ticket (its call was handed over to an emergency service). */
  readonly canJoin: boolean;
}

interface DuplicatesPanelProps {
  readonly isActive: boolean;
  /** Brings the panel to the front. */
  readonly onShow: () => void;
  readonly onOpen: (uid: string) => void;
  /** Null while there is no form. */
  readonly actions: JoinActions | null;
}

/** 疑似重复: tickets that may be about what is being written, why, and what can be done about it. */
export function DuplicatesPanel({ isActive, onShow, onOpen, actions }: DuplicatesPanelProps) {
  const { t } = useTranslation();
  const candidates = useCandidateStore((state) => state.candidates);
  const leftOut = useCoverage()?.leftOut ?? 0;
  const rootRef = useRef<HTMLDivElement>(null);
  useAction(
    'focus.duplicates',
    () => {
      drawNow(onShow);
      rootRef.current?.querySelector<HTMLElement>('button')?.focus();
    },
    isActive,
  );
  return (
    <div ref={rootRef} className={classes.panel} data-testid={TEST_IDS.duplicates}>
      {candidates.length === 0 || !actions ? (
        <EmptyState
          icon={<IconCopyCheck size={36} stroke={1.4} />}
          title={t('duplicates.empty.title')}
          text={t('duplicates.empty.text', { key: actionKey('focus.duplicates') })}
        />
      ) : (
        <ul className={classes.list}>
          {candidates.map((candidate) => (
            <Candidate key={candidate.ticket.uid} candidate={candidate} actions={actions} onOpen={onOpen} />
          ))}
        </ul>
      )}
      {leftOut > 0 && (
        <p className={classes.beyond} role="note">
          {t('coverage.duplicates', { count: leftOut })}
        </p>
      )}
    </div>
  );
}

const JOIN_AS = { join: 'note', remind: 'remind' } as const;

interface CandidateProps {
  readonly candidate: DuplicateCandidate;
  readonly actions: JoinActions;
  readonly onOpen: (uid: string) => void;
}

function Candidate({ candidate, actions, onOpen }: CandidateProps) {
  const { t } = useTranslation();
  const { ticket, parent, probability } = candidate;
  const number = displayTicketNumber(ticket);
  const isPlanned = actions.planned !== null && (actions.planned === ticket.uid || actions.planned === parent?.uid);
  return (
    <li className={classes.item} data-testid={TEST_IDS.duplicate(ticket.uid)}>
      <div className={classes.head}>
        <button type="button" className={classes.title} title={ticket.title} onClick={() => onOpen(ticket.uid)}>
          {ticket.title || ticket.excerpt || t('tickets.detail.noTitle')}
        </button>
        <TicketStatusTag status={ticket.status} />
      </div>
      <div className={classes.meta}>
        <span>{number}</span>
        {ticket.clock && <ClockTag summary={ticket.clock} />}
        <TimeText at={ticket.acceptedAt ?? ticket.createdAt} />
        <span>{ticket.address}</span>
        {parent && <span>{t('duplicates.under', { no: displayTicketNumber(parent) })}</span>}
      </div>
      <ul className={classes.reasons} aria-label={t('duplicates.reasons')}>
        <li>{t('duplicates.likely', { percent: Math.round(probability * 100) })}</li>
        {candidate.reasons.map((reason) => (
          <li key={reason.kind === 'place' ? `place-${reason.level}` : reason.kind}>
            <ReasonText reason={reason} />
          </li>
        ))}
      </ul>
      <div className={classes.actions}>
        {(FINISHED_STATUSES.includes(ticket.status) ? (['join'] as const) : (['join', 'remind'] as const)).map(
          (way) => (
            <Button
              key={way}
              size="compact-sm"
              variant="default"
              disabled={!actions.canJoin}
              aria-label={t(`duplicates.${way}Named`, { no: number })}
              onClick={() => actions.join(ticket.uid, JOIN_AS[way])}
              data-testid={way === 'join' ? TEST_IDS.duplicateJoin(ticket.uid) : TEST_IDS.duplicateRemind(ticket.uid)}
            >
              {t(`duplicates.${way}`)}
            </Button>
          ),
        )}
        <Button
          size="compact-sm"
          variant={isPlanned ? 'filled' : 'default'}
          aria-pressed={isPlanned}
          aria-label={t(isPlanned ? 'duplicates.plannedNamed' : 'duplicates.planNamed', { no: number })}
          onClick={() => actions.plan(isPlanned ? null : ticket.uid)}
          data-testid={TEST_IDS.duplicatePlan(ticket.uid)}
        >
          {t(isPlanned ? 'duplicates.planned' : 'duplicates.plan')}
        </Button>
      </div>
    </li>
  );
}

function ReasonText({ reason }: { readonly reason: DuplicateCandidate['reasons'][number] }) {
  const { t } = useTranslation();
  switch (reason.kind) {
    case 'phone':
      return t(reason.days === 0 ? 'duplicates.reason.phoneToday' : 'duplicates.reason.phone', { count: reason.days });
    case 'place':
      return t(`duplicates.reason.place.${reason.level}`, { name: reason.name });
    case 'words':
      return t('duplicates.reason.words', { percent: reason.percent });
    case 'category':
      return t('duplicates.reason.category');
    case 'other-area':
      return t('duplicates.reason.otherArea');
  }
}
