import { IconRepeat, IconUserSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { CallerCard } from '#shared/contract/data.contract.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import classes from './CitizenPanel.module.css';
import { useCallerCardStore, watchCaller } from './caller-card.store.ts';
import { HistoryList } from './HistoryList.tsx';

/** From this many tickets in 30 days on a caller counts as 重复来电. */
const REPEAT_FROM = 2;

interface CitizenPanelProps {
  /** Normalized number of the caller in sight, empty when withheld, null when there is nobody. */
  readonly phone: string | null;
  /** False while another page is shown. */
  readonly isActive: boolean;
  /** Shows one ticket beside the form. */
  readonly renderTicket: (uid: string, onClose: () => void) => ReactNode;
}

/** Who calls and what they called about before, beside the form. */
export function CitizenPanel({ phone, isActive, renderTicket }: CitizenPanelProps) {
  const { t } = useTranslation();
  const [openUid, setOpenUid] = useState<string | null>(null);
  const rootRef = useRef<HTMLElement>(null);
  const returnTo = useRef<string | null>(null);

  useEffect(() => {
    void watchCaller(phone ?? '');
    setOpenUid(null);
  }, [phone]);

  const close = () => {
    returnTo.current = openUid;
    setOpenUid(null);
  };
  // The focus returns to the line it came from.
  useEffect(() => {
    if (openUid !== null || returnTo.current === null) return;
    const id = TEST_IDS.citizenTicket(returnTo.current);
    returnTo.current = null;
    rootRef.current?.querySelector<HTMLElement>(`[data-testid="${id}"]`)?.focus();
  }, [openUid]);

  useAction('app.back', close, isActive && openUid !== null);
  useAction('focus.citizen', () => {
    rootRef.current?.querySelector<HTMLElement>('button, textarea, [tabindex="0"]')?.focus();
  });

  return (
    <section
      ref={rootRef}
      className={classes.panel}
      aria-label={t('citizen.label')}
      data-testid={TEST_IDS.citizenPanel}
    >
      {openUid !== null ? renderTicket(openUid, close) : <CallerView phone={phone} onOpen={setOpenUid} />}
    </section>
  );
}

interface CallerViewProps {
  readonly phone: string | null;
  readonly onOpen: (uid: string) => void;
}

function CallerView({ phone, onOpen }: CallerViewProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const { card, failure, phone: shown } = useCallerCardStore();
  if (phone === null) {
    return (
      <EmptyState
        icon={<IconUserSearch size={36} stroke={1.4} />}
        title={t('citizen.noCall.title')}
        text={t('citizen.noCall.text')}
      />
    );
  }
  if (phone === '') {
    return (
      <div className={classes.head}>
        <h2 className={classes.name} data-testid={TEST_IDS.citizenName}>
          {t('call.withheld')}
        </h2>
        <p className={classes.sub}>{t('citizen.withheld')}</p>
      </div>
    );
  }
  const current = shown === phone ? card : null;
  return (
    <>
      <div className={classes.head}>
        <div className={classes.identity}>
          <h2 className={classes.name} data-testid={TEST_IDS.citizenName}>
            {current?.citizen?.fields.name || t('call.unknownName')}
          </h2>
          <span className={`${classes.number} selectable`} data-testid={TEST_IDS.citizenNumber}>
            {formatPhone(phone)}
          </span>
          {current && <CitizenTags card={current} />}
        </div>
        {failure && <p className={classes.sub}>{t('citizen.failed', { reason: failureText(failure) })}</p>}
        {current && <CallerFacts card={current} />}
      </div>
      {current && current.tickets.length > 0 && (
        <>
          <h3 className={classes.listTitle}>{t('citizen.history')}</h3>
          <HistoryList tickets={current.tickets} onOpen={onOpen} />
        </>
      )}
      {current && current.tickets.length === 0 && current.citizen && (
        <p className={classes.empty}>{t('citizen.noTickets')}</p>
      )}
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
