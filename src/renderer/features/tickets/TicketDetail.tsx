import { ActionIcon, Button } from '@mantine/core';
import { IconCloudUpload, IconPencil, IconPrinter, IconX } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { useRevealStore } from '#renderer/platform/reveal.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { Citations } from '#renderer/terms/Citations.tsx';
import { ClockTag } from '#renderer/terms/ClockTag.tsx';
import { CopyNumberButton } from '#renderer/terms/CopyNumberButton.tsx';
import { CannedValuesScope, useMatterValues } from '#renderer/terms/canned-values.tsx';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { MaskBar } from '#renderer/terms/MaskBar.tsx';
import { IntakeSheet, type SheetFacts } from '#renderer/terms/print/IntakeSheet.tsx';
import { PrintDialog } from '#renderer/terms/print/PrintDialog.tsx';
import { TicketStateTag } from '#renderer/terms/TicketStanding.tsx';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { UrgencyTag } from '#renderer/terms/UrgencyTag.tsx';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { TicketSummary } from '#shared/contract/tickets.contract.ts';
import { summarizeClocks } from '#shared/domain/clock/clock-summary.ts';
import { REVEAL_FIELDS } from '#shared/domain/masking.ts';
import type { OverlayKind } from '#shared/domain/overlay/overlay-step.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { FINISHED_STATUSES } from '#shared/domain/ticket-status.ts';
import { AmendDialog } from './AmendDialog.tsx';
import { TicketChoices } from './decide/TicketChoices.tsx';
import { NoteBox } from './NoteBox.tsx';
import { CoOrdersSection } from './oversight/CoOrdersSection.tsx';
import { FlowSection } from './oversight/FlowSection.tsx';
import { OversightSection } from './oversight/OversightSection.tsx';
import { WaitingSection } from './oversight/WaitingSection.tsx';
import { TicketClocks } from './TicketClocks.tsx';
import classes from './TicketDetail.module.css';
import { TicketEvents } from './TicketEvents.tsx';
import { TicketFields } from './TicketFields.tsx';
import { TicketFiles } from './TicketFiles.tsx';
import { TicketFormView } from './TicketFormView.tsx';
import { TicketRelations } from './TicketRelations.tsx';

interface TicketDetailProps {
  readonly uid: string;
  readonly onClose: () => void;
  /** What can be done when the server refused something of the ticket. */
  readonly renderRefused: (uid: string) => ReactNode;
}

/** One ticket: what was said, what became of it, and what can be added. Keeps itself current. */
export function TicketDetail({ uid, onClose, renderRefused }: TicketDetailProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const { data, failure } = useLiveQuery(['tickets'], () => dataClient.tickets.get({ uid }), [uid]);
  const [isAmending, setAmending] = useState(false);
  const [isPrinting, setPrinting] = useState(false);
  const look = useRevealStore((state) => state.looks.get(uid));
  const ticket = data && { ...data, ...look?.ticket };

  const missing = failure?.code === 'NOT_FOUND' ? t('tickets.detail.notFound') : failure ? failureText(failure) : '';
  return (
    <article className={classes.detail} aria-label={t('tickets.detail.label')} data-testid={TEST_IDS.ticketDetail}>
      <div className={classes.head}>
        <div className={classes.line}>
          <div className={classes.headline}>{ticket && <TicketHeadline ticket={ticket} standing={ticket} />}</div>
          {ticket && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('sheet.open')}
              title={t('sheet.openHint')}
              onClick={() => setPrinting(true)}
              data-testid={TEST_IDS.ticketPrint}
            >
              <IconPrinter size={17} aria-hidden />
            </ActionIcon>
          )}
          {ticket?.amendable && (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconPencil size={14} aria-hidden />}
              onClick={() => setAmending(true)}
              data-testid={TEST_IDS.ticketAmend}
            >
              {t('tickets.amend.open')}
            </Button>
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('app.close')}
            onClick={onClose}
            data-testid={TEST_IDS.ticketClose}
          >
            <IconX size={17} aria-hidden />
          </ActionIcon>
        </div>
        {ticket && (
          <h2 className={`${classes.title} selectable`} data-testid={TEST_IDS.ticketTitle}>
            {ticket.fields.title || t('tickets.detail.noTitle')}
          </h2>
        )}
        {ticket && isPrinting && (
          <PrintDialog
            title={t('sheet.open')}
            fileName={`ticket-${ticket.number ?? ticket.provisionalNo}`}
            onClose={() => setPrinting(false)}
          >
            <IntakeSheet fields={{ ...ticket.fields, answer: ticket.fields.answer ?? '' }} facts={factsOf(ticket)} />
          </PrintDialog>
        )}
        {ticket && isAmending && <AmendDialog ticket={ticket} onClose={() => setAmending(false)} />}
        {ticket && <TicketChoices ticket={ticket} acts={ticket.acts} />}
        {ticket?.refused && renderRefused(uid)}
        {ticket?.masked && <MaskBar subject="ticket" uid={uid} fields={REVEAL_FIELDS} />}
      </div>
      {ticket ? (
        <>
          <TicketBody ticket={ticket} unconfirmed={ticket.unconfirmed} overlays={ticket.overlays} />
          <TicketRelations uid={ticket.uid} />
          <TicketNotes ticket={ticket} />
        </>
      ) : (
        <p className={classes.missing}>{missing}</p>
      )}
    </article>
  );
}

function factsOf(ticket: Ticket): SheetFacts {
  const { fields, createdByName: byName, createdAt: at } = ticket;
  return { number: displayTicketNumber(ticket), line: fields.line, call: fields.call, byName, at };
}

/** The box for 补充 and 催办, whose canned texts speak of this ticket. */
function TicketNotes({ ticket }: { readonly ticket: Ticket }) {
  const matter = useMatterValues(ticket.fields);
  const values = {
    ...matter,
    'ticket.no': displayTicketNumber(ticket),
    ...(ticket.unit === null ? {} : { unit: ticket.unit }),
  };
  return (
    <CannedValuesScope values={values} gender={ticket.fields.caller.gender}>
      <NoteBox uid={ticket.uid} isFinished={FINISHED_STATUSES.includes(ticket.status)} />
    </CannedValuesScope>
  );
}

interface TicketHeadlineProps {
  readonly ticket: Ticket;
  readonly standing: Pick<TicketSummary, 'status' | 'pending' | 'refused'>;
}

function TicketHeadline({ ticket, standing }: TicketHeadlineProps) {
  const { t } = useTranslation();
  const number = displayTicketNumber(ticket);
  const clock = summarizeClocks(ticket.clocks);
  return (
    <>
      <span className={`${classes.number} selectable`} data-testid={TEST_IDS.ticketNumber}>
        {number}
      </span>
      <CopyNumberButton number={number} testId={TEST_IDS.ticketCopyNumber} />
      <TicketStateTag ticket={standing} testId={TEST_IDS.ticketStatus} />
      <UrgencyTag urgency={ticket.fields.urgency} />
      {clock && <ClockTag summary={clock} />}
      {ticket.fields.markers.map((marker) => (
        <StatusTag key={marker} tone={marker === 'confidential' ? 'bad' : 'warn'}>
          {t(`terms.marker.${marker}`)}
        </StatusTag>
      ))}
      {ticket.flags.map((flag) => (
        <StatusTag key={flag} tone="warn" title={t(`terms.flagHint.${flag}`)} testId={TEST_IDS.ticketFlag(flag)}>
          {t(`terms.flag.${flag}`)}
        </StatusTag>
      ))}
      {standing.pending && standing.refused === null && (
        <StatusTag
          tone="warn"
          icon={<IconCloudUpload size={13} aria-hidden />}
          title={t('tickets.detail.pendingHint')}
          testId={TEST_IDS.ticketPending}
        >
          {t('tickets.detail.pending')}
        </StatusTag>
      )}
    </>
  );
}

interface TicketBodyProps {
  readonly ticket: Ticket;
  readonly unconfirmed: readonly string[];
  readonly overlays: readonly OverlayKind[];
}

function TicketBody({ ticket, unconfirmed, overlays }: TicketBodyProps) {
  const { t } = useTranslation();
  const { fields } = ticket;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section className={`${classes.scroll} selectable`} tabIndex={0} aria-label={t('tickets.detail.content')}>
      {fields.content !== '' && (
        <div className={classes.section}>
          <h3>{t('tickets.detail.content')}</h3>
          <p className={classes.text} data-testid={TEST_IDS.ticketContent}>
            {fields.content}
          </p>
        </div>
      )}
      {fields.originalWords !== '' && (
        <div className={classes.section}>
          <h3>{t('tickets.detail.originalWords')}</h3>
          <blockquote className={classes.words} data-testid={TEST_IDS.ticketOriginalWords}>
            {fields.originalWords}
          </blockquote>
        </div>
      )}
      {fields.answer !== null && fields.answer !== '' && (
        <div className={classes.section}>
          <h3>{t('tickets.detail.answer')}</h3>
          <p className={classes.answer} data-testid={TEST_IDS.ticketAnswer}>
            {fields.answer}
          </p>
        </div>
      )}
      {fields.citations.length > 0 && (
        <div className={classes.section}>
          <h3>{t('knowledge.citation.label')}</h3>
          <Citations citations={fields.citations} />
        </div>
      )}
      {ticket.replies.length > 0 && (
        <div className={classes.section} data-testid={TEST_IDS.ticketReplies}>
          <h3>{t('tickets.detail.replies')}</h3>
          {ticket.replies.map((reply) => (
            <div key={`${reply.at}-${reply.unit}`} className={classes.reply}>
              <div className={classes.replyHead}>
                <span>{reply.unit}</span>
                <TimeText at={reply.at} />
              </div>
              <p className={classes.text}>{reply.text}</p>
            </div>
          ))}
        </div>
      )}
      <CoOrdersSection ticket={ticket} may={overlays} unconfirmed={unconfirmed} />
      <WaitingSection ticket={ticket} may={overlays} />
      <FlowSection ticket={ticket} may={overlays} />
      <OversightSection ticket={ticket} may={overlays} unconfirmed={unconfirmed} />
      <div className={classes.section}>
        <h3>{t('tickets.detail.fields')}</h3>
        <TicketFields ticket={ticket} />
      </div>
      {ticket.clocks && <TicketClocks clocks={ticket.clocks} />}
      {fields.form && <TicketFormView form={fields.form} />}
      <TicketFiles uid={ticket.uid} />
      <div className={classes.section}>
        <h3>{t('tickets.detail.events')}</h3>
        <TicketEvents events={ticket.events} unconfirmed={unconfirmed} />
      </div>
    </section>
  );
}
