import { useTranslation } from 'react-i18next';
import { useReferenceData } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { CalendarMark } from '#renderer/terms/CalendarMark.tsx';
import { formatDue } from '#renderer/terms/format-due.ts';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { clock } from '#renderer/ui/now.ts';
import type { RankedUnit } from '#shared/domain/dispatch/rank-units.ts';
import classes from './Decide.module.css';
import { useReasonText } from './reason-text.ts';

interface RankedUnitsProps {
  readonly ranked: readonly RankedUnit[];
  readonly chosen: string;
  readonly onChoose: (unit: string) => void;
}

/** The units the rule names, the best first, each with its reasons, what it has in hand and when it opens. */
export function RankedUnits({ ranked, chosen, onChoose }: RankedUnitsProps) {
  const { t } = useTranslation();
  const { reasonsText } = useReasonText();
  const calendar = useReferenceData()?.calendar;
  return (
    <FieldRow label={t('tickets.decide.ranked')} group>
      {({ labelId }) => (
        <ul className={classes.ranked} aria-labelledby={labelId}>
          {ranked.map(({ unit, reasons, load, opensAt }) => (
            <li key={unit}>
              <button
                type="button"
                className={classes.rankedUnit}
                aria-pressed={unit === chosen}
                onClick={() => onChoose(unit)}
                data-testid={TEST_IDS.decideRanked(unit)}
              >
                <b>{unit}</b>
                <span>{reasonsText(reasons)}</span>
                {load !== null && <span>{t('tickets.decide.load', { count: load })}</span>}
                {opensAt !== null && (
                  <span>
                    {t('tickets.decide.opensAt', { time: formatDue(opensAt) })}{' '}
                    <CalendarMark standing={calendar?.standingBetween(clock.now(), opensAt) ?? 'official'} />
                  </span>
                )}
              </button>
            </li>
          ))}
        </ul>
      )}
    </FieldRow>
  );
}
