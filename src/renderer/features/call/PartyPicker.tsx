import { Button } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { matchEntries, needsReadings } from '#renderer/platform/picker-match.ts';
import { useReadings } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { toDiallable } from '#renderer/terms/DialButton.tsx';
import { QUERY_MAX, useTextProblem } from '#renderer/terms/text-problem.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import { PickList } from '#renderer/ui/PickList.tsx';
import type { Colleague } from '#shared/contract/server.contract.ts';
import type { Party } from '#shared/domain/call-events.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import type { Line } from '#shared/domain/roles.ts';
import classes from './PartyPicker.module.css';

/** 咨询转接, 直接转接, 三方. */
export type WayToParty = 'consult' | 'blind' | 'conference';

const MOST = 8;
/** Shorter digits are a 工号 being typed. */
const NUMBER_FROM = 5;

interface Choice {
  readonly id: string;
  readonly party: Party;
  readonly seat: string;
  readonly name: string;
  readonly note: string;
}

/** Colleagues on the line of the call that the typed words mean, and the typed number itself when it can be one. */
function useChoices(query: string, line: Line) {
  const { t } = useTranslation();
  const { data } = useLiveQuery(['calls', 'session'], () => dataClient.colleagues.list(), []);
  const read = useReadings(needsReadings(query));
  const entries = (data?.seats ?? [])
    .filter(({ lines }) => lines.includes(line))
    .map((colleague) => ({ code: colleague.seat, names: [colleague.name], colleague }));
  const matches = query.trim() === '' ? entries.slice(0, MOST) : matchEntries(entries, query, read, MOST);
  const toChoice = ({ seat, name, role, lines }: Colleague): Choice => ({
    id: `seat-${seat}`,
    party: { kind: 'seat', seat, name },
    seat,
    name,
    note: `${t(`terms.role.${role}`)} · ${lines.join(' ')}`,
  });
  const found = matches.map(({ colleague }) => toChoice(colleague));
  // Who is brought in by an extension cannot be reached before a person has answered there.
  const diallable = toDiallable(query);
  const number = diallable && diallable.extension === undefined ? diallable.number : null;
  const isNumber = number !== null && number.length >= NUMBER_FROM && /^[\d\s+\-()（）]+$/.test(query.trim());
  const typed: Choice[] = isNumber
    ? [
        {
          id: 'number',
          party: { kind: 'number', number },
          seat: '',
          name: formatPhone(number),
          note: t('call.transferTo.number'),
        },
      ]
    : [];
  const whyNone = (data?.seats.length ?? 0) > 0 ? ('noneOnLine' as const) : ('empty' as const);
  const noneYet = entries.length > 0 ? null : whyNone;
  return { choices: [...found, ...typed], noneYet, syncedAt: data?.syncedAt ?? null };
}

interface PartyPickerProps {
  /** Line of the call: colleagues who do not hold it are not offered. */
  readonly line: Line;
  /** A three-way call needs the citizen off hold. */
  readonly canJoin: boolean;
  readonly onGo: (party: Party, way: WayToParty) => void;
}

/** Finds a colleague by typing (name, 拼音, 工号) or takes a number; Enter consults, Shift+Enter transfers, Alt+Enter makes it three. */
export function PartyPicker({ line, canJoin, onGo }: PartyPickerProps) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const [index, setIndex] = useState(0);
  const problem = useTextProblem()(query, QUERY_MAX);
  const { choices: found, noneYet, syncedAt } = useChoices(query, line);
  const choices = problem === null ? found : [];
  const chosen = choices[Math.min(index, choices.length - 1)];

  const go = (way: WayToParty) => {
    if (chosen && (way !== 'conference' || canJoin)) onGo(chosen.party, way);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return false;
    go(event.shiftKey ? 'blind' : event.altKey ? 'conference' : 'consult');
    return true;
  };
  const ways = [
    ['consult', 'Enter', true],
    ['blind', 'Shift+Enter', true],
    ['conference', 'Alt+Enter', canJoin],
  ] as const;

  return (
    <div className={classes.picker}>
      <PickList
        label={t('call.transferTo.target')}
        placeholder={t('call.transferTo.placeholder')}
        query={query}
        error={problem}
        onQuery={(typed) => {
          setQuery(typed);
          setIndex(0);
        }}
        lines={choices.map((choice) => ({
          id: choice.id,
          testId: TEST_IDS.transferOption(choice.seat || 'number'),
          content: (
            <>
              <span className={classes.seat}>{choice.seat}</span>
              <span className={classes.name}>{choice.name}</span>
              <span className={classes.note}>{choice.note}</span>
            </>
          ),
        }))}
        active={chosen ? choices.indexOf(chosen) : null}
        onActive={setIndex}
        onKey={onKey}
        listClass={classes.list}
        lineClass={classes.line}
        testId={TEST_IDS.transferTarget}
      />
      {choices.length === 0 && problem === null && (
        <p className={classes.hint}>{t(`call.transferTo.${noneYet ?? 'none'}`, { line })}</p>
      )}
      <div className={classes.ways}>
        {ways.map(([way, keys, isOffered]) => (
          <Button
            key={way}
            size="compact-md"
            {...(way === 'consult' ? {} : { variant: 'default' })}
            disabled={!chosen || !isOffered}
            title={chosen ? t(`call.transferTo.${way}Hint`) : t('call.transferTo.pickFirst')}
            aria-keyshortcuts={keys}
            rightSection={<KeyHint keys={keys} />}
            onClick={() => go(way)}
            data-testid={TEST_IDS.transferGo(way)}
          >
            {t(`call.transferTo.${way}`)}
          </Button>
        ))}
      </div>
      <p className={classes.hint}>
        {t('call.transferTo.formGoes')}
        {syncedAt !== null && (
          <span className={classes.asOf}>
            {t('call.transferTo.asOf')} <TimeText at={syncedAt} />
          </span>
        )}
      </p>
    </div>
  );
}
