import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useCoverage, useListText, useMonthText } from '#renderer/terms/coverage.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { useDivisionNames } from '#renderer/terms/reference-text.tsx';
import { AgeText } from '#renderer/terms/time-text.tsx';
import { CheckGroup } from '#renderer/ui/CheckGroup.tsx';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { type FieldControl, FieldRow } from '#renderer/ui/FieldRow.tsx';
import type { Coverage } from '#shared/contract/coverage.contract.ts';
import type { User } from '#shared/contract/server.contract.ts';
import type { CachePolicy } from '#shared/domain/cache-policy.ts';
import classes from './SettingsPage.module.css';

const MEGABYTE = 1_000_000;
const WAN = 10_000;
/** No 班组 has an empty name. */
const EVERYBODY = '';

/** How much of the centre's tickets this computer holds, what that is now, and what is only at the server. */
export function CoverageSection({ user }: { readonly user: User }) {
  const { t } = useTranslation();
  const coverage = useCoverage();
  const { savePolicy, saveTeam, saveKeptTeams } = useSave();
  if (!coverage) return null;
  const label = (policy: CachePolicy) =>
    policy.kind === 'months'
      ? t('coverage.settings.months', { count: policy.months })
      : t('coverage.settings.tickets', { count: policy.tickets / WAN, number: policy.tickets.toLocaleString('en') });
  const choices = coverage.choices.map((policy) => ({ value: keyOf(policy), label: label(policy), policy }));
  return (
    <section className={classes.section} data-testid={TEST_IDS.settingsCoverage}>
      <h2>{t('coverage.settings.title')}</h2>
      <FieldRow group label={t('coverage.settings.keep')}>
        {(control) => (
          <ChoiceGroup
            control={control}
            choices={choices}
            value={keyOf(coverage.policy)}
            onChange={(value) => {
              const chosen = choices.find((choice) => choice.value === value);
              if (chosen) void savePolicy(chosen.policy);
            }}
            testId={TEST_IDS.settingsCachePolicy}
          />
        )}
      </FieldRow>
      {coverage.teams.length > 0 && (
        <FieldRow group label={t('coverage.settings.team')}>
          {(control) => (
            <ChoiceGroup
              control={control}
              choices={[
                { value: EVERYBODY, label: t('coverage.settings.everyTeam') },
                ...coverage.teams.map((value) => ({ value, label: value })),
              ]}
              value={coverage.team ?? EVERYBODY}
              onChange={(team) => void saveTeam(team === EVERYBODY ? null : team)}
              testId={TEST_IDS.settingsTeam}
            />
          )}
        </FieldRow>
      )}
      {coverage.mayKeepTeams && (coverage.teams.length > 1 || coverage.keptTeams.length > 0) && (
        <FieldRow group label={t('coverage.settings.keptTeams')} help={t('coverage.settings.keptTeamsHint')}>
          {(control) => (
            <KeptTeams control={control} teams={coverage.teams} kept={coverage.keptTeams} onSave={saveKeptTeams} />
          )}
        </FieldRow>
      )}
      <p>{t('coverage.settings.hint')}</p>
      <Facts coverage={coverage} user={user} />
    </section>
  );
}

interface KeptTeamsProps {
  readonly control: FieldControl;
  readonly teams: readonly string[];
  readonly kept: readonly string[];
  readonly onSave: (teams: string[]) => Promise<void>;
}

/** Several are chosen and then saved together: what is on the way from one choice to another moves months of tickets. */
function KeptTeams({ control, teams, kept, onSave }: KeptTeamsProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const values = teams.filter((team) => (chosen ?? kept).includes(team));
  const isChanged = values.join('\n') !== teams.filter((team) => kept.includes(team)).join('\n');
  return (
    <>
      <CheckGroup
        control={control}
        checks={teams.map((value) => ({ value, label: value }))}
        values={values}
        onChange={setChosen}
        testId={(team) => `${TEST_IDS.settingsKeptTeam}-${team}`}
      />
      {isChanged && (
        <Button
          size="compact-sm"
          mt={6}
          onClick={() => void onSave(values).then(() => setChosen(null))}
          data-testid={TEST_IDS.settingsKeptTeamsSave}
        >
          {t('coverage.settings.keptTeamsSave')}
        </Button>
      )}
    </>
  );
}

function keyOf(policy: CachePolicy): string {
  return policy.kind === 'months' ? `months-${policy.months}` : `tickets-${policy.tickets}`;
}

function useSave() {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const tell = async (saved: Promise<unknown>, words: string) => {
    try {
      await saved;
      showNotice('success', words);
    } catch (error) {
      showNotice('error', failureText(toCallFailure(error)));
    }
  };
  return {
    rebuildIndex: () => tell(dataClient.tickets.rebuildIndex(), t('coverage.settings.rebuilding')),
    savePolicy: (policy: CachePolicy) =>
      tell(dataClient.sync.saveCachePolicy({ policy }), t('coverage.settings.saved')),
    saveKeptTeams: (teams: string[]) =>
      tell(dataClient.sync.saveKeptTeams({ teams }), t('coverage.settings.savedKeptTeams')),
    saveTeam: (team: string | null) => tell(dataClient.sync.saveTeam({ team }), t('coverage.settings.savedTeam')),
  };
}

function Facts({ coverage, user }: { readonly coverage: Coverage; readonly user: User }) {
  const { t } = useTranslation();
  const monthText = useMonthText();
  const divisionNames = useDivisionNames();
  const { rebuildIndex } = useSave();
  const { data: sync } = useLiveQuery(['sync', 'session'], () => dataClient.sync.status(), []);
  const { from, outside, months, seen, unindexed, bytes, teams, sortedTeams, leftOut, arriving } = coverage;
  const listText = useListText();
  const tickets = coverage.tickets.toLocaleString('en');
  const hasOutside = from !== null && outside.tickets > 0;
  const here = () => {
    if (from === null) return t('coverage.settings.hereUnknown', { tickets });
    if (arriving) return t('coverage.settings.hereArriving', { tickets });
    if (!hasOutside && leftOut > 0) return t('coverage.settings.hereKept', { months, tickets });
    if (!hasOutside) return t('coverage.settings.hereAll', { months, tickets });
    return t('coverage.settings.hereText', { from: monthText(from), months, tickets });
  };
  return (
    <dl className={`${classes.about} selectable`} data-testid={TEST_IDS.settingsCoverageFacts}>
      <dt>{t('coverage.settings.centre')}</dt>
      <dd>
        {[divisionNames(user.centre).at(-1) ?? user.centre, user.lines.join(' ')].join(' · ')}
        {sortedTeams.length > 0
          ? ` · ${t('coverage.settings.teamsKept', { teams: listText(sortedTeams) })}`
          : teams.length > 0 && ` · ${t('coverage.settings.teams', { teams: teams.join(' / ') })}`}
      </dd>
      <dt>{t('coverage.settings.here')}</dt>
      <dd>{here()}</dd>
      <dt>{t('coverage.settings.outside')}</dt>
      <dd>
        {hasOutside && (
          <div>
            {t('coverage.settings.outsideText', {
              from: monthText(from),
              months: outside.months,
              tickets: outside.tickets.toLocaleString('en'),
            })}
          </div>
        )}
        {leftOut > 0 && <div>{t('coverage.settings.outsideTeams', { tickets: leftOut.toLocaleString('en') })}</div>}
        {arriving && <div>{t('coverage.settings.outsideArriving')}</div>}
        {!arriving && !hasOutside && leftOut === 0 && t('coverage.settings.outsideNone')}
      </dd>
      {seen > 0 && (
        <>
          <dt>{t('coverage.settings.seen')}</dt>
          <dd>{t('coverage.settings.seenText', { count: seen })}</dd>
        </>
      )}
      <dt>{t('coverage.settings.index')}</dt>
      <dd data-testid={TEST_IDS.settingsIndexState}>
        {unindexed === 0 ? t('coverage.settings.indexed') : t('coverage.settings.indexing', { count: unindexed })}{' '}
        <button
          type="button"
          className={classes.inline}
          onClick={() => void rebuildIndex()}
          data-testid={TEST_IDS.settingsRebuildIndex}
        >
          {t('coverage.settings.rebuild')}
        </button>
      </dd>
      <dt>{t('coverage.settings.size')}</dt>
      <dd>{Math.max(1, Math.round(bytes / MEGABYTE)).toLocaleString('en')} MB</dd>
      <dt>{t('coverage.settings.age')}</dt>
      <dd>{sync?.lastSuccessAt ? <AgeText at={sync.lastSuccessAt} /> : t('status.neverSuccess')}</dd>
    </dl>
  );
}
