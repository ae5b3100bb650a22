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
import { TICKET_STATUSES } from '#shared/domain/ticket-status.ts';
import { FilterPicker, SHOWN } from './FilterPicker.tsx';
import { PRESETS, type Preset, parsePeriod, periodDays } from './period.ts';
import classes from './SearchPage.module.css';
import { NO_FILTER, type SearchFilter, type StatusChoice, useSearchStore } from './search.store.ts';

const setFilter = (part: Partial<SearchFilter>) =>
  useSearchStore.setState(({ filter }) => ({ filter: { ...filter, ...part } }));

/** The conditions the results are narrowed to; each is found by typing Chinese, 拼音, initials, English or a code. */
export function FilterBar() {
  const { t } = useTranslation();
  return (
    <fieldset className={classes.filters} aria-label={t('search.filter.label')} data-testid={TEST_IDS.searchFilters}>
      <StatusFilter />
      <CategoryFilter />
      <DivisionFilter />
      <PeriodFilter />
      <ServedFilters />
    </fieldset>
  );
}

/** Takes all conditions off; nothing when there are none. */
export function ClearFilters() {
  const { t } = useTranslation();
  const isNarrowed = useSearchStore((state) => Object.values(state.filter).some((value) => value !== null));
  if (!isNarrowed) return null;
  return (
    <button
      type="button"
      className={classes.clear}
      onClick={() => useSearchStore.setState({ filter: NO_FILTER })}
      data-testid={TEST_IDS.searchFilterClear}
    >
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

function StatusFilter() {
  const { t } = useTranslation();
  const status = useSearchStore((state) => state.filter.status);
  const groups = TICKET_GROUP_NAMES.filter((name) => name !== 'all');
  const choices: readonly { readonly value: StatusChoice; readonly name: string; readonly isGroup: boolean }[] = [
    ...groups.map((name) => ({
      value: `group:${name}` as const,
      name: t(`tickets.groups.${name}`),
      isGroup: true,
    })),
    ...TICKET_STATUSES.map((value) => ({ value, name: t(`terms.status.${value}`), isGroup: false })),
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
    <FilterPicker
      name="status"
      chosen={byValue.get(status ?? '')?.name ?? ''}
      find={find}
      onPick={(value) => setFilter({ status: byValue.get(value ?? '')?.value ?? null })}
    />
  );
}

function CategoryFilter() {
  const english = useTranslation().i18n.language === 'en';
  const data = useReferenceData();
  const value = useSearchStore((state) => state.filter.category);
  const entries = useMemo(() => categoryLevels(data?.categories ?? []), [data]);
  const namesOf = (entry: PickerEntry) => (english ? (entry.en ?? entry.names) : entry.names);
  const find = useFinder(entries, (entry) => ({
    value: entry.code,
    main: namesOf(entry).at(-1) ?? '',
    path: namesOf(entry).slice(0, -1).join(' / '),
  }));
  const chosen = entries.find(({ code }) => code === value);
  return (
    <FilterPicker
      name="category"
      chosen={chosen ? (namesOf(chosen).at(-1) ?? '') : (value ?? '')}
      find={find}
      onPick={(category) => setFilter({ category })}
    />
  );
}

function DivisionFilter() {
  const data = useReferenceData();
  const value = useSearchStore((state) => state.filter.division);
  const find = useFinder(data?.divisions ?? [], ({ code, names }) => ({
    value: code,
    main: names.at(-1) ?? '',
    path: names.slice(0, -1).join(' / '),
  }));
  const chosen = value === null ? undefined : data?.divisionByCode.get(value);
  return (
    <FilterPicker
      name="division"
      chosen={chosen?.names.at(-1) ?? value ?? ''}
      find={find}
      onPick={(division) => setFilter({ division })}
    />
  );
}

function PeriodFilter() {
  const { t } = useTranslation();
  const period = useSearchStore((state) => state.filter.period);
  const daysOf = (span: { readonly from: number; readonly to: number }) =>
    periodDays(span).join(` ${t('search.filter.until')} `);
  const entries = PRESETS.map((preset) => ({ code: preset, names: [t(`search.filter.preset.${preset}`)] }));
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
    const preset = PRESETS.find((each): each is Preset => each === value);
    const [from, to] = preset || value === null ? [] : value.split('-').map(Number);
    setFilter({ period: preset ?? (from === undefined || to === undefined ? null : { from, to }) });
  };
  const chosen =
    period === null ? '' : typeof period === 'string' ? t(`search.filter.preset.${period}`) : daysOf(period);
  return <FilterPicker name="period" chosen={chosen} find={find} onPick={pick} />;
}

/** Units and agents: those the tickets on this computer have. */
function ServedFilters() {
  const { unit, agent } = useSearchStore((state) => state.filter);
  const { data } = useLiveQuery(['tickets', 'session'], () => dataClient.tickets.filterChoices(), []);
  const units = data?.units ?? [];
  const agents = data?.agents ?? [];
  const toEntry = ({ value, label }: { readonly value: string; readonly label: string }) => ({
    code: value,
    names: [label],
  });
  const toOption = ({ code, names }: PickerEntry) => ({ value: code, code: '', main: names[0] ?? '', path: '' });
  const findUnit = useFinder(units.map(toEntry), toOption);
  const findAgent = useFinder(agents.map(toEntry), toOption);
  return (
    <>
      <FilterPicker name="unit" chosen={unit ?? ''} find={findUnit} onPick={(value) => setFilter({ unit: value })} />
      <FilterPicker
        name="agent"
        chosen={agent?.label ?? ''}
        find={findAgent}
        onPick={(value) => setFilter({ agent: agents.find((each) => each.value === value) ?? null })}
      />
    </>
  );
}
