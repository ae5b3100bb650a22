import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { categoryLevels } from '#renderer/platform/category-levels.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { matchEntries, type PickerEntry } from '#renderer/platform/picker-match.ts';
import { useReadings, useReferenceData } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { TICKET_GROUP_NAMES } from '#renderer/terms/ticket-groups.ts';
import { clock } from '#renderer/ui/now.ts';
import type { TypeAheadOption } from '#renderer/ui/TypeAhead.tsx';
import { FLOW_RECEIVERS, type FlowReceiver } from '#shared/domain/overlay/flow.ts';
import { ACCOUNT_CAUSES, type AccountCause } from '#shared/domain/ticket-act.ts';
import { TICKET_STATUSES, type TicketStatus } from '#shared/domain/ticket-status.ts';
import {
  isNarrowed,
  type NO_OWN_CONDITIONS,
  PERIOD_PRESETS,
  type PeriodPreset,
  type TicketConditions,
} from '#shared/domain/ticket-view.ts';
import { ConditionPicker, SHOWN } from './ConditionPicker.tsx';
import classes from './conditions.module.css';
import { parsePeriod, periodDays } from './period.ts';

interface ConditionProps {
  readonly conditions: TicketConditions;
  readonly onChange: (part: Partial<TicketConditions>) => void;
}

interface ConditionBarProps extends ConditionProps {
  /** States that can be chosen from; none for a list whose tickets are in one state. */
  readonly statuses: readonly TicketStatus[];
  /** The condition that only this list has. */
  readonly own?: OwnCondition | undefined;
}

export type OwnCondition = keyof typeof NO_OWN_CONDITIONS;

/** What a list of tickets is narrowed to; each condition is found by typing Chinese, 拼音, initials, English or a code. */
export function ConditionBar({ statuses, own, ...props }: ConditionBarProps) {
  const { t } = useTranslation();
  return (
    <fieldset className={classes.conditions} aria-label={t('search.filter.label')} data-testid={TEST_IDS.searchFilters}>
      {own === 'receiver' && <ReceiverCondition {...props} />}
      {own === 'accountCause' && <AccountCondition {...props} />}
      {statuses.length > 1 && <StatusCondition {...props} statuses={statuses} />}
      <CategoryCondition {...props} />
      <DivisionCondition {...props} />
      <PeriodCondition {...props} />
      <ServedConditions {...props} />
    </fieldset>
  );
}

/** Takes all conditions off; nothing when there are none. */
export function ClearConditions({
  conditions,
  onClear,
}: {
  readonly conditions: TicketConditions;
  readonly onClear: () => void;
}) {
  const { t } = useTranslation();
  if (!isNarrowed(conditions)) return null;
  return (
    <button type="button" className={classes.clear} onClick={onClear} data-testid={TEST_IDS.searchFilterClear}>
      {t('search.filter.clear')}
    </button>
  );
}

/** Finds entries by any way of typing, all of them while nothing is typed. */
function useFinder(entries: readonly PickerEntry[], toOption: (entry: PickerEntry) => TypeAheadOption) {
  // The readings are small and the lists open at once.
  const read = useReadings(true);
  return (typed: string) => matchEntries(entries, typed, read, SHOWN + 1).map(toOption);
}

function StatusCondition({ statuses, conditions, onChange }: ConditionBarProps) {
  const { t } = useTranslation();
  // A group of states is more than some of them: only where all can be chosen.
  const groups = TICKET_GROUP_NAMES.filter((name) => name !== 'all' && statuses.length === TICKET_STATUSES.length);
  const choices: readonly { readonly value: string; readonly name: string; readonly isGroup: boolean }[] = [
    ...groups.map((name) => ({
      value: `group:${name}`,
      name: t(`tickets.groups.${name}`),
      isGroup: true,
    })),
    ...statuses.map((value) => ({ value, name: t(`terms.status.${value}`), isGroup: false })),
  ];
  const byValue = new Map<string, (typeof choices)[number]>(choices.map((choice) => [choice.value, choice]));
  const find = useFinder(
    choices.map(({ value, name }) => ({ code: value, names: [name], en: [value.replaceAll('_', ' ')] })),
    ({ code, names }) => ({
      value: code,
      code: '',
      main: names[0] ?? '',
      path: byValue.get(code)?.isGroup ? t('search.filter.group') : '',
    }),
  );
  return (
    <ConditionPicker
      name="status"
      chosen={byValue.get(conditions.status ?? '')?.name ?? ''}
      find={find}
      onPick={(status) => onChange({ status })}
    />
  );
}

/** 流转移交: with whom it lies. */
function ReceiverCondition({ conditions: { receiver }, onChange }: ConditionProps) {
  const { t } = useTranslation();
  const nameOf = (value: FlowReceiver) => t(`oversight.flow.receiver.${value}`);
  return (
    <NamedCondition
      name="receiver"
      chosen={receiver === null ? '' : nameOf(receiver)}
      names={FLOW_RECEIVERS.map((value) => [value, nameOf(value)])}
      onPick={(value) => onChange({ receiver: FLOW_RECEIVERS.find((each) => each === value) ?? null })}
    />
  );
}

/** 挂账: why. */
function AccountCondition({ conditions: { accountCause }, onChange }: ConditionProps) {
  const { t } = useTranslation();
  const nameOf = (value: AccountCause) => t(`tickets.decide.accountCause.${value}`);
  return (
    <NamedCondition
      name="accountCause"
      chosen={accountCause === null ? '' : nameOf(accountCause)}
      names={ACCOUNT_CAUSES.map((value) => [value, nameOf(value)])}
      onPick={(value) => onChange({ accountCause: ACCOUNT_CAUSES.find((each) => each === value) ?? null })}
    />
  );
}

interface NamedConditionProps {
  readonly name: OwnCondition;
  readonly chosen: string;
  readonly names: readonly (readonly [value: string, name: string])[];
  readonly onPick: (value: string | null) => void;
}

/** One of a few things with names. */
function NamedCondition({ name, chosen, names, onPick }: NamedConditionProps) {
  const find = useFinder(
    names.map(([code, text]) => ({ code, names: [text] })),
    ({ code, names: [text = ''] }) => ({ value: code, code: '', main: text, path: '' }),
  );
  return <ConditionPicker name={name} chosen={chosen} find={find} onPick={onPick} />;
}

function CategoryCondition({ conditions, onChange }: ConditionProps) {
  const english = useTranslation().i18n.language === 'en';
  const data = useReferenceData();
  const value = conditions.category;
  const entries = useMemo(() => categoryLevels(data?.categories ?? []), [data]);
  const namesOf = (entry: PickerEntry) => (english ? (entry.en ?? entry.names) : entry.names);
  const find = useFinder(entries, (entry) => ({
    value: entry.code,
    main: namesOf(entry).at(-1) ?? '',
    path: namesOf(entry).slice(0, -1).join(' / '),
  }));
  const chosen = entries.find(({ code }) => code === value);
  return (
    <ConditionPicker
      name="category"
      chosen={chosen ? (namesOf(chosen).at(-1) ?? '') : (value ?? '')}
      find={find}
      onPick={(category) => onChange({ category })}
    />
  );
}

function DivisionCondition({ conditions, onChange }: ConditionProps) {
  const data = useReferenceData();
  const value = conditions.division;
  const find = useFinder(data?.divisions ?? [], ({ code, names }) => ({
    value: code,
    main: names.at(-1) ?? '',
    path: names.slice(0, -1).join(' / '),
  }));
  const chosen = value === null ? undefined : data?.divisionByCode.get(value);
  return (
    <ConditionPicker
      name="division"
      chosen={chosen?.names.at(-1) ?? value ?? ''}
      find={find}
      onPick={(division) => onChange({ division })}
    />
  );
}

function PeriodCondition({ conditions: { period }, onChange }: ConditionProps) {
  const { t } = useTranslation();
  const daysOf = (span: { readonly from: number; readonly to: number }) =>
    periodDays(span).join(` ${t('search.filter.until')} `);
  const entries = PERIOD_PRESETS.map((preset) => ({ code: preset, names: [t(`search.filter.preset.${preset}`)] }));
  const toOption = ({ code, names }: PickerEntry) => ({ value: code, code: '', main: names[0] ?? '', path: '' });
  const findPreset = useFinder(entries, toOption);
  const find = (typed: string): readonly TypeAheadOption[] => {
    const span = parsePeriod(typed, clock.now());
    const known = findPreset(typed);
    // 30 is enough for 近 30 天.
    const presets =
      known.length > 0 ? known : entries.filter(({ names }) => names[0]?.includes(typed.trim())).map(toOption);
    return span ? [{ value: `${span.from}-${span.to}`, code: '', main: daysOf(span), path: '' }, ...presets] : presets;
  };
  const pick = (value: string | null) => {
    const preset = PERIOD_PRESETS.find((each): each is PeriodPreset => each === value);
    const [from, to] = preset || value === null ? [] : value.split('-').map(Number);
    onChange({ period: preset ?? (from === undefined || to === undefined ? null : { from, to }) });
  };
  const chosen =
    period === null ? '' : typeof period === 'string' ? t(`search.filter.preset.${period}`) : daysOf(period);
  return <ConditionPicker name="period" chosen={chosen} find={find} onPick={pick} />;
}

/** Units and agents: those the tickets on this computer have. 班组 where the centre has any, or one is chosen. */
function ServedConditions({ conditions: { unit, agent, team }, onChange }: ConditionProps) {
  const { data } = useLiveQuery(['tickets', 'session'], () => dataClient.tickets.filterChoices(), []);
  const units = data?.units ?? [];
  const agents = data?.agents ?? [];
  const teams = data?.teams ?? [];
  const toEntry = ({ value, label }: { readonly value: string; readonly label: string }) => ({
    code: value,
    names: [label],
  });
  const toOption = ({ code, names }: PickerEntry) => ({ value: code, code: '', main: names[0] ?? '', path: '' });
  const findUnit = useFinder(units.map(toEntry), toOption);
  const findAgent = useFinder(agents.map(toEntry), toOption);
  const findTeam = useFinder(
    teams.map((name) => ({ code: name, names: [name] })),
    toOption,
  );
  return (
    <>
      <ConditionPicker name="unit" chosen={unit ?? ''} find={findUnit} onPick={(value) => onChange({ unit: value })} />
      <ConditionPicker
        name="agent"
        chosen={agent?.label ?? ''}
        find={findAgent}
        onPick={(value) => onChange({ agent: agents.find((each) => each.value === value) ?? null })}
      />
      {(teams.length > 0 || team !== null) && (
        <ConditionPicker
          name="team"
          chosen={team ?? ''}
          find={findTeam}
          onPick={(value) => onChange({ team: value })}
        />
      )}
    </>
  );
}
