import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { Citizen } from '#shared/domain/citizen.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import classes from './CitizenPanel.module.css';

interface CardIdentityProps {
  readonly phone: string;
  readonly citizen: Citizen | null;
  readonly unconfirmed: boolean;
}

/** Name, number and what kind of person it is. */
export function CardIdentity({ phone, citizen, unconfirmed }: CardIdentityProps) {
  const { t } = useTranslation();
  const fields = citizen?.fields;
  return (
    <>
      <h2 className={classes.name} data-testid={TEST_IDS.citizenName}>
        {fields?.name || t('call.unknownName')}
      </h2>
      <span className={`${classes.number} selectable`} data-testid={TEST_IDS.citizenNumber}>
        {formatPhone(phone)}
      </span>
      {fields && (
        <span className={classes.tags}>
          {fields.gender !== 'unknown' && <StatusTag tone="neutral">{t(`terms.gender.${fields.gender}`)}</StatusTag>}
          {fields.ageBand && <StatusTag tone="neutral">{t(`citizen.age.${fields.ageBand}`)}</StatusTag>}
          {fields.kind === 'organisation' && <StatusTag tone="neutral">{t('citizen.organisation')}</StatusTag>}
          {unconfirmed && (
            <StatusTag tone="warn" title={t('tickets.detail.pendingHint')} testId={TEST_IDS.citizenUnconfirmed}>
              {t('tickets.detail.unconfirmed')}
            </StatusTag>
          )}
          {fields.confidential && <StatusTag tone="bad">{t('citizen.confidential')}</StatusTag>}
        </span>
      )}
    </>
  );
}
