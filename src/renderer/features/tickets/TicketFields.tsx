import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { DialButton } from '#renderer/terms/DialButton.tsx';
import { useCategoryNames, useDivisionNames, useTagName } from '#renderer/terms/reference-text.tsx';
import { TimeText, useDurationText } from '#renderer/terms/time-text.tsx';
import { formatFullTime } from '#renderer/ui/format-time.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import classes from './TicketDetail.module.css';

/** The registered facts of a ticket; what was not filled in is not shown. */
export function TicketFields({ ticket }: { readonly ticket: Ticket }) {
  const { t } = useTranslation();
  const categoryNames = useCategoryNames();
  const divisionNames = useDivisionNames();
  const tagName = useTagName();
  const durationText = useDurationText();
  const { fields } = ticket;
  const { caller, place, call } = fields;

  const callerText = [
    caller.anonymous ? t('tickets.detail.anonymous') : caller.name,
    caller.gender === 'unknown' ? '' : t(`terms.gender.${caller.gender}`),
    caller.kind === 'organisation' ? t('terms.kind.organisation') : '',
    formatPhone(caller.phone),
  ].filter((part) => part !== '');
  const placeText = [divisionNames(place.divisionCode).join(' '), place.address, place.landmark].filter(
    (part) => part !== '',
  );
  const talked = call?.answeredAt != null && call.endedAt !== null ? call.endedAt - call.answeredAt : null;

  const choice = fields.categoryChoice;
  const categoryText = [
    categoryNames(fields.categoryCode).join(' / '),
    choice?.by === 'suggested' && choice.confidence !== null
      ? t('tickets.detail.suggested', { value: Math.round(choice.confidence * 100) })
      : '',
  ].join('');
  const way = t(`tickets.detail.callWay.${call?.direction ?? 'in'}`);
  const time = call === null ? '' : formatFullTime(call.ringAt);

  const rows: readonly (readonly [string, ReactNode])[] = [
    [t('intake.field.type'), t(`terms.type.${fields.type}`)],
    [t('intake.field.category'), categoryText],
    [t('intake.field.tags'), fields.tags.map(tagName).join(t('intake.comma'))],
    [t('intake.field.demands'), fields.demands.map((demand) => t(`terms.demand.${demand}`)).join(t('intake.comma'))],
    [
      t('tickets.detail.caller'),
      <span key="caller" className={classes.callerLine}>
        {callerText.join('　')}
        <DialButton
          number={caller.phone}
          owner={{ subject: 'ticket', uid: ticket.uid }}
          name={caller.name}
          line={fields.line}
          about={{ ticketUid: ticket.uid, callbackOf: null }}
          label={t('tickets.detail.callBack')}
          testId={TEST_IDS.ticketCallBack}
        />
      </span>,
    ],
    [t('tickets.detail.place'), placeText.join('　')],
    [
      t('intake.field.occurredAt'),
      fields.occurredAt === null ? '' : <TimeText key="occurred" at={fields.occurredAt} />,
    ],
    [t('intake.field.subject'), fields.subject],
    [t('tickets.detail.unit'), ticket.unit ?? ''],
    [t('tickets.detail.channel'), `${t(`terms.channel.${fields.channel}`)}　${fields.line}`],
    [
      t('tickets.detail.call'),
      call === null
        ? ''
        : talked === null
          ? t(call.answeredAt === null ? 'tickets.detail.callMissed' : 'tickets.detail.callAnswered', { way, time })
          : t('tickets.detail.callText', { way, time, duration: durationText(talked) }),
    ],
    [t('tickets.detail.createdBy'), ticket.createdByName],
    [
      t('tickets.detail.createdAt'),
      <span key="created">
        <TimeText at={ticket.createdAt} />
        {ticket.madeOffline && `　${t('tickets.detail.offline')}`}
      </span>,
    ],
    [
      t('tickets.detail.acceptedAt'),
      ticket.acceptedAt === null ? '' : <TimeText key="accepted" at={ticket.acceptedAt} />,
    ],
    [t('tickets.detail.closedAt'), ticket.closedAt === null ? '' : <TimeText key="closed" at={ticket.closedAt} />],
    [t('tickets.detail.provisional'), ticket.number === null ? '' : ticket.provisionalNo],
  ];
  return (
    <dl className={classes.fields}>
      {rows
        .filter(([, value]) => value !== '')
        .map(([label, value]) => (
          <div key={label} style={{ display: 'contents' }}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
