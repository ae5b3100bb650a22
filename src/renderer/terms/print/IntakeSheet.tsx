import { useTranslation } from 'react-i18next';
import { formatFullTime } from '#renderer/ui/format-time.ts';
import type { IntakeContent } from '#shared/domain/intake.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import {
  type CallFacts,
  DEMANDS,
  EMERGENCY_SERVICES,
  GENDERS,
  MARKERS,
  TICKET_TYPES,
  type TicketFields,
  URGENCIES,
} from '#shared/domain/ticket.ts';
import { useCategoryNames, useDivisionNames, useTagName } from '../reference-text.tsx';
import { FormRows } from './FormRows.tsx';

/** What stands on a sheet: the words of a draft or a ticket. */
export type SheetFields = Pick<
  IntakeContent | TicketFields,
  | 'type'
  | 'categoryCode'
  | 'title'
  | 'content'
  | 'originalWords'
  | 'demands'
  | 'caller'
  | 'place'
  | 'occurredAt'
  | 'subject'
  | 'urgency'
  | 'markers'
  | 'tags'
  | 'answer'
  | 'form'
> & { readonly promise?: IntakeContent['promise'] };

/** The facts around the words. */
export interface SheetFacts {
  /** Number or 暂编号; empty for a draft. */
  readonly number: string;
  readonly line: string;
  readonly call: CallFacts | null;
  readonly byName: string;
  readonly at: number | null;
}

interface IntakeSheetProps {
  /** Null: an empty form to be filled in by hand. */
  readonly fields: SheetFields | null;
  readonly facts: SheetFacts | null;
}

/** 纸质登记表: one page to write a call down without the console, or with what is written in it. */
export function IntakeSheet({ fields, facts }: IntakeSheetProps) {
  const { t } = useTranslation();
  const categoryNames = useCategoryNames();
  const divisionNames = useDivisionNames();
  const tagName = useTagName();
  const box = (isTicked: boolean, label: string) => `${isTicked ? '☑' : '□'}${label}`;
  const boxes = <V extends string>(all: readonly V[], ticked: readonly V[], label: (one: V) => string) =>
    all.map((one) => box(ticked.includes(one), label(one))).join('　');
  const caller = fields?.caller;
  const genders = GENDERS.filter((gender) => gender !== 'unknown');
  const at = facts?.at ?? null;
  return (
    <article className="sheet" lang="zh-CN">
      <h1>{t('sheet.title')}</h1>
      <p className="sheet-sub">
        <span>
          {t('sheet.number')}：{facts?.number}
        </span>
        <span>{t('sheet.at', { time: at === null ? t('sheet.blankTime') : formatFullTime(at) })}</span>
      </p>
      <table>
        <colgroup>
          <col style={{ width: '84px' }} />
          <col />
          <col style={{ width: '84px' }} />
          <col />
        </colgroup>
        <tbody>
          <tr>
            <th>{t('sheet.line')}</th>
            <td>{facts ? facts.line : boxes(['12345', '12350'], [], (line) => line)}</td>
            <th>{t('sheet.callTime')}</th>
            <td>{facts?.call ? formatFullTime(facts.call.ringAt) : ''}</td>
          </tr>
          <tr>
            <th>{t('intake.field.callerName')}</th>
            <td>
              {caller?.name}
              {'　'}
              {boxes(genders, caller ? [caller.gender].filter((one) => one !== 'unknown') : [], (one) =>
                t(`terms.gender.${one}`),
              )}
              {'　'}
              {box(caller?.kind === 'organisation', t('terms.kind.organisation'))}
            </td>
            <th>{t('intake.field.callerPhone')}</th>
            <td>
              {caller ? formatPhone(caller.phone) : ''}
              {'　'}
              {box(caller?.anonymous === true, t('intake.field.anonymous'))}{' '}
              {box(caller?.confidential === true, t('intake.field.confidential'))}
            </td>
          </tr>
          <tr>
            <th>{t('intake.field.type')}</th>
            <td colSpan={3}>
              {boxes(TICKET_TYPES, fields?.type ? [fields.type] : [], (one) => t(`terms.type.${one}`))}
            </td>
          </tr>
          <tr>
            <th>{t('intake.field.urgency')}</th>
            <td>{boxes(URGENCIES, fields ? [fields.urgency] : [], (one) => t(`terms.urgency.${one}`))}</td>
            <th>{t('intake.field.category')}</th>
            <td>{categoryNames(fields?.categoryCode ?? null).join(' / ')}</td>
          </tr>
          <tr>
            <th>{t('intake.field.title')}</th>
            <td colSpan={3}>{fields?.title}</td>
          </tr>
          <tr>
            <th>{t('intake.field.content')}</th>
            <td colSpan={3} className="sheet-tall">
              {fields?.content}
            </td>
          </tr>
          <tr>
            <th>{t('intake.field.originalWords')}</th>
            <td colSpan={3} className="sheet-half">
              {fields?.originalWords}
            </td>
          </tr>
          <tr>
            <th>{t('intake.field.demands')}</th>
            <td colSpan={3}>{boxes(DEMANDS, fields?.demands ?? [], (one) => t(`terms.demand.${one}`))}</td>
          </tr>
          <tr>
            <th>{t('intake.field.division')}</th>
            <td>{divisionNames(fields?.place.divisionCode ?? null).join(' ')}</td>
            <th>{t('intake.field.occurredAt')}</th>
            <td>{fields?.occurredAt == null ? '' : formatFullTime(fields.occurredAt)}</td>
          </tr>
          <tr>
            <th>{t('intake.field.address')}</th>
            <td colSpan={3}>
              {fields?.place.address}
              {fields?.place.landmark ? `（${fields.place.landmark}）` : ''}
            </td>
          </tr>
          <tr>
            <th>{t('intake.field.subject')}</th>
            <td>{fields?.subject}</td>
            <th>{t('intake.field.tags')}</th>
            <td>{fields?.tags.map(tagName).join(t('intake.comma'))}</td>
          </tr>
          <tr>
            <th>{t('intake.field.markers')}</th>
            <td colSpan={3}>{boxes(MARKERS, fields?.markers ?? [], (one) => t(`terms.marker.${one}`))}</td>
          </tr>
          {fields?.form ? <FormRows form={fields.form} /> : null}
          {fields === null && (
            <tr>
              <th>{t('sheet.form')}</th>
              <td colSpan={3} className="sheet-tall" />
            </tr>
          )}
          <tr>
            <th>{t('sheet.outcome')}</th>
            <td colSpan={3}>
              {t('sheet.outcomes')}
              {EMERGENCY_SERVICES.map((service) => `□${service}`).join(' ')}
            </td>
          </tr>
          <tr>
            <th>{t('intake.field.answer')}</th>
            <td colSpan={3} className="sheet-half">
              {fields?.answer}
            </td>
          </tr>
          <tr>
            <th>{t('intake.field.promise')}</th>
            <td>{fields?.promise?.text ?? '　'}</td>
            <th>{t('intake.field.promiseDue')}</th>
            <td>{fields?.promise?.dueAt == null ? '' : formatFullTime(fields.promise.dueAt)}</td>
          </tr>
        </tbody>
      </table>
      <p className="sheet-foot">
        <span>
          {t('sheet.takenBy')}：{facts?.byName}
        </span>
        <span>{t('sheet.enteredBy')}：</span>
        <span>{t('sheet.enteredNo')}：</span>
      </p>
      <p>{t('sheet.note')}</p>
    </article>
  );
}
