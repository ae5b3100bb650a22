import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { useReferenceData } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useClockText } from '#renderer/terms/clock-text.ts';
import classes from './IntakeForm.module.css';
import { type UnitGuess, useUnitText } from './unit-text.ts';

interface CategoryInfoProps {
  readonly code: string;
  readonly divisionCode: string | null;
  readonly unit: UnitGuess;
}

/** What comes with the chosen category: who handles it at this place, and within which limits. */
export function CategoryInfo({ code, divisionCode, unit }: CategoryInfoProps) {
  const data = useReferenceData();
  const unitText = useUnitText();
  const clockText = useClockText();
  const { data: session } = useLiveQuery(['session'], () => dataClient.session.status(), []);
  const entry = data?.categoryByCode.get(code);
  if (!entry) return null;
  const clock = session && data?.clockPreset(session.clockSet, entry.clock);
  return (
    <div className={classes.unit} data-testid={TEST_IDS.intakeCategoryInfo}>
      <span>{unitText(entry, divisionCode, unit)}</span>
      {clock && <span>{clockText(clock)}</span>}
    </div>
  );
}
