import { IconRepeat } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CallFailure } from '#renderer/platform/call-error.ts';
import { useRevealStore } from '#renderer/platform/reveal.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { MaskBar } from '#renderer/terms/MaskBar.tsx';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { CallerCard } from '#shared/contract/data.contract.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import classes from './CitizenPanel.module.css';
import { HistoryList } from './HistoryList.tsx';

/** From this many tickets in 30 days on a caller counts as 重复来电. */
const REPEAT_FROM = 2;

interface CardViewProps {
  readonly phone: string;
  /** Null while the answer is on its way. */
  readonly card: CallerCard | null;
  readonly failure: CallFailure | null;
  readonly onOpen: (uid: string) => void;
}

/** Who somebody is and what they called about before. */
export function CardView({ phone, card: masked, failure, onOpen }: CardViewProps) {
  const { t } = useTranslation();
  const look = useRevealStore((state) => state.looks.get(masked?.citizen?.uid ?? ''));
  const card = masked && { ...masked, citizen: look?.citizen ?? masked.citizen };
  const failureText = useFailureText();
  return (
    <>
      <div className={classes.head}>
        <div className={classes.identity}>
          <h2 className={classes.name} data-testid={TEST_IDS.citizenName}>
            {card?.citizen?.fields.name || t('call.unknownName')}
          </h2>
          <span className={`${classes.number} selectable`} data-testid={TEST_IDS.citizenNumber}>
            {formatPhone(look?.field === 'phone' ? (card?.citizen?.fields.phones[0] ?? phone) : phone)}
          </span>
          {card && <CitizenTags card={card} />}
        </div>
        {card?.masked && card.citizen && (
          <MaskBar subject="citizen" uid={card.citizen.uid} fields={['phone', 'name', 'form']} />
        )}
        {failure && <p className={classes.sub}>{t('citizen.failed', { reason: failureText(failure) })}</p>}
        {card && <CallerFacts card={card} />}
      </div>
      {card && card.tickets.length > 0 && (
        <>
          <h3 className={classes.listTitle}>{t('citizen.history')}</h3>
          <HistoryList tickets={card.tickets} onOpen={onOpen} />
        </>
      )}
      {card && card.tickets.length === 0 && card.citizen && <p className={classes.empty}>{t('citizen.noTickets')}</p>}
    </>
  );
}

function CitizenTags({ card }: { readonly card: CallerCard }) {
  const { t } = useTranslation();
  const fields = card.citizen?.fields;
  if (!fields) return null;
  return (
    <span className={classes.tags}>
      {fields.gender !== 'unknown' && <StatusTag tone="neutral">{t(`terms.gender.${fields.gender}`)}</StatusTag>}
      {fields.kind === 'organisation' && <StatusTag tone="neutral">{t('citizen.organisation')}</StatusTag>}
      {fields.confidential && <StatusTag tone="bad">{t('citizen.confidential')}</StatusTag>}
    </span>
  );
}

function CallerFacts({ card }: { readonly card: CallerCard }) {
  const { t } = useTranslation();
  const { citizen, totals, alsoKnown } = card;
  if (!citizen && totals.tickets === 0 && totals.calls === 0) {
    return <p className={classes.sub}>{t('citizen.newCaller')}</p>;
  }
  const isRepeat = totals.last30Days >= REPEAT_FROM;
  return (
    <>
      {citizen?.fields.remark && (
        <p className={classes.sub}>
          {t('citizen.remark')}：{citizen.fields.remark}
        </p>
      )}
      {alsoKnown.length > 0 && (
        <p className={classes.sub}>
          {t('citizen.alsoKnown', { names: alsoKnown.map((one) => one.name).join(t('intake.comma')) })}
        </p>
      )}
      <dl className={classes.totals} data-testid={TEST_IDS.citizenTotals}>
        {(['tickets', 'open', 'last30Days', 'calls'] as const).map((key) => (
          <div key={key}>
            <dt>{t(`citizen.totals.${key}`)}</dt>
            <dd>{totals[key]}</dd>
          </div>
        ))}
      </dl>
      {(isRepeat || totals.open > 0) && (
        <div className={classes.repeat} role="note" data-testid={TEST_IDS.citizenRepeat}>
          <IconRepeat size={16} aria-hidden />
          <span>
            {isRepeat && <strong>{t('citizen.repeat.title')}</strong>}
            {isRepeat
              ? t('citizen.repeat.text', { recent: totals.last30Days, open: totals.open })
              : t('citizen.repeat.openOnly', { open: totals.open })}
          </span>
        </div>
      )}
    </>
  );
}
