import { IconEar, IconFlag } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useMayHaveOlder } from '#renderer/terms/coverage.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { clock } from '#renderer/ui/now.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { CallerCard } from '#shared/contract/citizen.contract.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import classes from './CitizenPanel.module.css';
import { LastCalls } from './LastCalls.tsx';

/** What is known of a person beside their tickets: needs and flags first, because they change how to speak. */
export function CardFacts({ card }: { readonly card: CallerCard }) {
  const { t } = useTranslation();
  const { citizen, totals, alsoKnown } = card;
  const mayHaveOlder = useMayHaveOlder();
  if (!citizen && totals.tickets === 0 && totals.calls === 0) {
    return <p className={classes.sub}>{t(mayHaveOlder ? 'coverage.person.unknown' : 'citizen.newCaller')}</p>;
  }
  const needs = citizen?.fields.needs;
  const now = clock.now();
  const flags = citizen?.fields.flags.filter(({ until }) => until === null || until > now) ?? [];
  return (
    <>
      {needs && (needs.hearing || needs.language !== '') && (
        <p className={classes.needs} data-testid={TEST_IDS.citizenNeeds}>
          <IconEar size={16} aria-hidden />
          {[
            needs.hearing ? t('citizen.needs.hearing') : '',
            needs.language === '' ? '' : t('citizen.needs.language', { language: needs.language }),
          ]
            .filter((part) => part !== '')
            .join(t('citizen.needs.and'))}
        </p>
      )}
      {flags.length > 0 && (
        <ul className={classes.flags} aria-label={t('citizen.flag.label')} data-testid={TEST_IDS.citizenFlags}>
          {flags.map((flag) => (
            <li key={flag.id}>
              <StatusTag tone={flag.kind === 'care' ? 'warn' : 'bad'} icon={<IconFlag size={13} aria-hidden />}>
                {t(`citizen.flag.kind.${flag.kind}`)}
              </StatusTag>
              <span>{flag.text}</span>
              <span className={classes.quiet}>
                {flag.until === null
                  ? t('citizen.flag.forever')
                  : t('citizen.flag.until', { date: dayText(flag.until) })}
                {` · ${flag.byName}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      {citizen?.fields.remark && (
        <p className={classes.sub}>
          {t('citizen.remark')}：{citizen.fields.remark}
        </p>
      )}
      {citizen && citizen.fields.phones.length > 1 && (
        <p className={classes.sub}>
          {t('citizen.phones', { phones: citizen.fields.phones.map(formatPhone).join(t('intake.comma')) })}
        </p>
      )}
      {card.merged.map((record) => (
        <MergedRecord key={record.uid} record={record} />
      ))}
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
      {card.calls.length > 0 && <LastCalls calls={card.calls} />}
    </>
  );
}

/** A Beijing day: 2026-12-01. */
function dayText(at: number): string {
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);
}

function MergedRecord({ record }: { readonly record: CallerCard['merged'][number] }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const split = async () => {
    try {
      await dataClient.citizens.split({ uid: record.uid });
      showNotice('success', t('citizen.merge.splitDone', { name: record.name }));
    } catch (error) {
      showNotice('error', failureText(toCallFailure(error)));
    }
  };
  return (
    <p className={classes.sub}>
      {t('citizen.merge.merged', { name: record.name, phones: record.phones.map(formatPhone).join(t('intake.comma')) })}{' '}
      <button
        type="button"
        className={classes.link}
        onClick={() => void split()}
        data-testid={TEST_IDS.citizenSplit(record.uid)}
      >
        {t('citizen.merge.split')}
      </button>
    </p>
  );
}
