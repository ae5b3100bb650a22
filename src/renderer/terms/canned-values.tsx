import { createContext, type ReactNode, useContext } from 'react';
import { addressOf, type CannedTextFile, type CannedValues } from '#shared/domain/canned-text.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import type { Caller, Place } from '#shared/domain/ticket.ts';
import { nameUnit } from '#shared/domain/unit-name.ts';
import { useReferenceData } from '../platform/reference-data.ts';
import { formatMinute } from '../ui/format-time.ts';
import { clock } from '../ui/now.ts';
import { useDivisionNames, usePlaceText } from './reference-text.tsx';

/** What a canned text can be filled in with; how people are addressed is in the file of the texts. */
interface CannedFacts {
  readonly values: CannedValues;
  readonly gender: Caller['gender'];
}

const Scope = createContext<CannedFacts>({ values: {}, gender: 'unknown' });

interface CannedValuesScopeProps {
  readonly values: CannedValues;
  readonly gender?: Caller['gender'];
  readonly children: ReactNode;
}

/** Says what the variables of canned texts stand for inside; the nearest scope wins. */
export function CannedValuesScope({ values, gender, children }: CannedValuesScopeProps) {
  const outer = useContext(Scope);
  const facts = { values: { ...outer.values, ...values }, gender: gender ?? outer.gender };
  return <Scope.Provider value={facts}>{children}</Scope.Provider>;
}

/** Gives what the variables stand for at the moment they are filled in. */
export function useCannedValues(): (file: CannedTextFile) => CannedValues {
  const { values, gender } = useContext(Scope);
  return ({ addresses }) => {
    const now = formatMinute(clock.now());
    const [year, month, day] = now.slice(0, 10).split('-').map(Number);
    const name = values['citizen.name'] ?? '';
    return {
      today: `${year}年${month}月${day}日`,
      now,
      'citizen.title': addressOf(name, addresses, gender),
      ...values,
    };
  };
}

interface Matter {
  readonly caller: Caller;
  readonly place: Place;
  readonly title: string;
  readonly categoryCode: string | null;
}

/** Values of a matter: who called, where it is, who is going to handle it. */
export function useMatterValues({ caller, place, title, categoryCode }: Matter): CannedValues {
  const data = useReferenceData();
  const divisionNames = useDivisionNames();
  const placeText = usePlaceText();
  const unit = categoryCode === null ? null : (data?.categoryByCode.get(categoryCode)?.unit ?? null);
  return {
    'citizen.name': caller.anonymous ? '' : caller.name.trim(),
    'citizen.phone': formatPhone(caller.phone),
    'ticket.title': title,
    place: [placeText(place), place.landmark.trim()].filter((part) => part !== '').join('，'),
    unit: unit === null ? '' : nameUnit(unit, divisionNames(place.divisionCode)),
  };
}
