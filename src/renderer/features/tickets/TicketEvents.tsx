import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { DueText } from '#renderer/terms/DueText.tsx';
import { formatDue } from '#renderer/terms/format-due.ts';
import { TimeText, useDurationText } from '#renderer/terms/time-text.tsx';
import { formatDay, formatMinute } from '#renderer/ui/format-time.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import { isKeptCallback } from '#shared/domain/callback/kept-callback.ts';
import { readAttachment } from '#shared/domain/form/attachment-ref.ts';
import type { Overlay } from '#shared/domain/overlay/overlay-step.ts';
import { promiseState } from '#shared/domain/promise.ts';
import { EMERGENCY_SERVICES, type TicketEvent } from '#shared/domain/ticket.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import { AMENDABLE_FIELDS, readEdited } from '#shared/domain/ticket-amendment.ts';
import { useReasonText } from './decide/reason-text.ts';
import { useSourceText } from './oversight/source-text.ts';
import classes from './TicketDetail.module.css';

/** Parts of a ticket that an `edited` event may name. */
const EDITED = [...AMENDABLE_FIELDS, 'tags', 'answers'] as const;

interface TicketEventsProps {
  readonly events: readonly TicketEvent[];
  /** Ids of those the server has not decided about. */
  readonly unconfirmed: readonly string[];
}

/** 办理经过: what happened to the ticket, newest first. */
export function TicketEvents({ events, unconfirmed }: TicketEventsProps) {
  const { t } = useTranslation();
  const editedText = (text: string) => {
    const { fields, reason } = readEdited({ text });
    const names = fields.map((field) => {
      const name = EDITED.find((one) => one === field.split('.')[0]);
      return name ? t(`tickets.amend.field.${name}`) : field;
    });
    const changed = names.length === 0 ? '' : t('tickets.amend.event', { fields: names.join(t('intake.comma')) });
    return [changed, reason].filter((part) => part !== '').join('\n');
  };
  /** Words a person wrote are shown as they are; what the console noted is a code. */
  const wordsOf = ({ kind, text }: TicketEvent) => {
    if (kind === 'called')
      return t(text === 'answered' ? 'tickets.detail.calledAnswered' : 'tickets.detail.calledInVain');
    if (kind === 'edited') return editedText(text);
    if (kind === 'attached') return readAttachment(text)?.name ?? text;
    const service = kind === 'handed_off' ? EMERGENCY_SERVICES.find((one) => one === text) : undefined;
    return service ? t(`call.party.${service}`) : text;
  };
  const newestFirst = [...events].sort((a, b) => b.at - a.at);
  return (
    <ol className={classes.events} data-testid={TEST_IDS.ticketEvents}>
      {newestFirst.map((event) => (
        <li key={event.id} className={classes.event} data-kind={event.kind}>
          <div className={classes.eventHead}>
            <span>
              {event.act
                ? isKeptCallback(event)
                  ? t('tickets.decide.callback.kept')
                  : t(`terms.act.${event.act.action}`)
                : event.overlay
                  ? t(`oversight.step.${event.overlay.step}`)
                  : t(`terms.event.${event.kind}`)}
              {event.kind !== 'created' &&
                event.to !== null &&
                event.from !== event.to &&
                `：${t(`terms.status.${event.to}`)}`}
            </span>
            <span className={classes.actor}>{event.actorName || t('terms.system')}</span>
            <TimeText at={event.at} />
            {unconfirmed.includes(event.id) && (
              <StatusTag tone="warn" title={t('tickets.detail.unconfirmedHint')} testId={TEST_IDS.ticketUnconfirmed}>
                {t('tickets.detail.unconfirmed')}
              </StatusTag>
            )}
            {event.kind === 'promise' && <PromiseTag event={event} events={events} />}
          </div>
          {event.act && <ActLine act={event.act} />}
          {event.overlay && <OverlayLine overlay={event.overlay} />}
          <RuleLine event={event} />
          {event.text !== '' && <p className={classes.text}>{wordsOf(event)}</p>}
        </li>
      ))}
    </ol>
  );
}

/** What a decision says beside its words: the units with the reason why, the days, the answers of the citizen. */
function ActLine({ act }: { readonly act: TicketAct }) {
  const { t } = useTranslation();
  const { reasonsText } = useReasonText();
  const parts: string[] = [];
  if ('parentNo' in act) {
    if (act.parentNo !== '') parts.push(t('tickets.merge.eventParent', { no: act.parentNo }));
  } else if ('unit' in act) {
    parts.push(t('tickets.decide.toUnit', { unit: act.unit }));
    if (act.coUnits.length > 0)
      parts.push(t('tickets.decide.withUnits', { units: act.coUnits.join(t('intake.comma')) }));
    parts.push(act.reasons ? reasonsText(act.reasons) : t(`tickets.decide.basis.${act.basis}`));
    if (act.reasons && act.basis === 'acting') parts.push(t('tickets.decide.basis.acting'));
    if (act.rule && act.rule.unit !== act.unit) {
      const { unit, reasons } = act.rule;
      parts.push(t('tickets.decide.ruleSaid', { unit, reasons: reasonsText(reasons) }));
    }
    if (act.action === 'assign' && act.review) {
      const { members, decision } = act.review;
      parts.push(members.join(t('intake.comma')), decision);
    }
  } else if (act.action === 'reply') {
    if (act.withoutCo !== undefined) parts.push(t('tickets.decide.withoutCo', { reason: act.withoutCo }));
  } else if (act.action === 'decide_extension') {
    parts.push(t(`tickets.decide.name.${act.granted ? 'grant_extension' : 'refuse_extension'}`));
  } else if (act.action === 'ask_extension') {
    parts.push(t('tickets.decide.asksDays', { count: act.days }));
  } else if (act.action === 'put_on_account') {
    if (act.cause) parts.push(t(`tickets.decide.accountCause.${act.cause}`));
    parts.push(t('tickets.decide.reviewAfter', { count: act.reviewInDays }));
  } else if ('callback' in act) {
    const { reached, solved, satisfied, cause, unsolvedCause } = act.callback;
    parts.push(t(`tickets.decide.callback.reachedAnswer.${reached ? 'yes' : 'no'}`));
    if (solved !== null) parts.push(t(`tickets.decide.callback.solvedAnswer.${solved ? 'yes' : 'no'}`));
    if (unsolvedCause) parts.push(t(`tickets.decide.unsolvedCause.${unsolvedCause}`));
    if (satisfied !== null) parts.push(t(`tickets.decide.callback.satisfiedAnswer.${satisfied ? 'yes' : 'no'}`));
    if (cause !== null) parts.push(t(`tickets.decide.cause.${cause}`));
  }
  return parts.length === 0 ? null : <p className={classes.text}>{parts.join(t('tickets.decide.and'))}</p>;
}

/** What is said of an overlay beside its words: who wants it of which unit until when, or whose the matter is. */
function OverlayLine({ overlay }: { readonly overlay: Overlay }) {
  const { t } = useTranslation();
  const sourceText = useSourceText();
  const durationText = useDurationText();
  const parts = (): readonly string[] => {
    switch (overlay.step) {
      case 'order':
        return [
          sourceText(overlay.source),
          t('oversight.responsible', { unit: overlay.unit }),
          t('clock.by', { time: formatDue(overlay.run.dueAt) }),
          overlay.scan === undefined ? '' : t('oversight.withScan'),
        ];
      case 'progress':
        return overlay.milestoneAt === undefined
          ? []
          : [t('oversight.milestone', { day: formatDay(overlay.milestoneAt) })];
      case 'review_open':
        return [
          t('oversight.planned', { time: formatMinute(overlay.plannedAt) }),
          overlay.members.join(t('intake.comma')),
        ];
      case 'review': {
        const { members, decision, owner } = overlay.review;
        return [
          members.join(t('intake.comma')),
          decision,
          owner === null ? '' : t('oversight.ownerLine', { unit: owner }),
        ];
      }
      case 'co_order':
        return [
          t('oversight.co.line', { unit: overlay.unit }),
          overlay.dueAt === null ? '' : t('clock.by', { time: formatDue(overlay.dueAt) }),
        ];
      case 'co_withdraw':
        return [t('oversight.co.line', { unit: overlay.unit })];
      case 'announced':
        return [overlay.where, formatMinute(overlay.at)];
      case 'owned':
        return [t('oversight.ownerLine', { unit: overlay.owner })];
      case 'measure':
        return [t('oversight.responsible', { unit: overlay.unit }), t('clock.by', { time: formatDue(overlay.dueAt) })];
      case 'wait':
        return [t('oversight.waiting.until', { time: formatDue(overlay.until) })];
      case 'wait_end':
        return [t(`oversight.waiting.whyName.${overlay.why}`)];
      case 'flow':
        return [
          t(`oversight.flow.receiver.${overlay.receiver}`),
          overlay.isEnabled ? '' : t('oversight.flow.notEnabled'),
        ];
      case 'hand_over':
        return [
          t(`oversight.flow.receiver.${overlay.receiver}`),
          overlay.leg === null
            ? ''
            : t('oversight.flow.leg', { duration: durationText(overlay.leg.endedAt - overlay.leg.answeredAt) }),
        ];
      case 'flow_receipt':
        return [
          t(`oversight.flow.receiver.${overlay.receiver}`),
          t('oversight.flow.receipt', { number: overlay.number }),
        ];
      case 'flow_result':
        return [t(`oversight.flow.receiver.${overlay.receiver}`), t(`oversight.flow.outcome.${overlay.outcome}`)];
      default:
        return [];
    }
  };
  const said = parts().filter((part) => part !== '');
  return said.length === 0 ? null : <p className={classes.text}>{said.join(t('tickets.decide.and'))}</p>;
}

/** Why the centre closed a ticket by rule. */
function RuleLine({ event }: { readonly event: TicketEvent }) {
  const { t } = useTranslation();
  const { to, from, actorId, act, text } = event;
  if (to !== 'closed' || actorId !== null || act || text !== '') return null;
  if (from !== 'replied' && from !== 'to_callback') return null;
  return (
    <p className={classes.text}>{t(`tickets.decide.callback.byRule.${from === 'replied' ? 'unsampled' : 'spent'}`)}</p>
  );
}

/** What became of a promise; as long as it binds, when it is due. */
function PromiseTag({ event, events }: { readonly event: TicketEvent; readonly events: readonly TicketEvent[] }) {
  const { t } = useTranslation();
  const state = promiseState(event.id, events);
  if (state === 'open') return event.dueAt === undefined ? null : <DueText at={event.dueAt} />;
  return <StatusTag tone={state === 'kept' ? 'good' : 'neutral'}>{t(`terms.promiseState.${state}`)}</StatusTag>;
}
