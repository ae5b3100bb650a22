import { useTranslation } from 'react-i18next';
import { useReferenceData } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { formatMinute } from '#renderer/ui/format-time.ts';
import { areAttemptsSpent, nextAttempt, windowsAfter } from '#shared/domain/callback/callback-attempts.ts';
import { shippedCallbackRules } from '#shared/domain/callback/shipped-callback-rules.ts';
import { leastCertain } from '#shared/domain/clock/calendar-year.ts';
import type { TicketHandling } from '#shared/domain/ticket-handling.ts';
import classes from './Decide.module.css';

/** Times offered to try again. */
const MOST_WINDOWS = 5;

interface MissedFieldsProps {
  readonly attempts: TicketHandling['attempts'];
  /** When it rang in vain just now, epoch ms. */
  readonly calledAt: number;
  readonly agreedAt: number | null;
  readonly onAgreed: (agreedAt: number | null) => void;
}

/** 未接通: which attempt it is, and when the citizen is tried again; after the last one, that it is closed. */
export function MissedFields({ attempts, calledAt, agreedAt, onAgreed }: MissedFieldsProps) {
  const { t } = useTranslation();
  const calendar = useReferenceData()?.calendar;
  const rules = shippedCallbackRules();
  const triedAt = [...attempts.map(({ at }) => at), calledAt];
  const count = triedAt.length;
  if (areAttemptsSpent(triedAt, rules)) {
    return (
      <p className={classes.lastAttempt} role="note" data-testid={TEST_IDS.callbackSpent}>
        {t('tickets.decide.callback.spent', { count })}
      </p>
    );
  }
  if (!calendar) return null;
  const byRule = nextAttempt(triedAt, null, rules, calendar);
  const windows = windowsAfter(calledAt, MOST_WINDOWS, rules, calendar);
  const standing = leastCertain(windows.map((window) => window.calendar ?? 'official'));
  const attempt = t('tickets.decide.callback.attempt', { count });
  const help = standing === 'official' ? attempt : `${attempt} ${t(`clock.calendar.${standing}`)}`;
  const chosen = agreedAt ?? byRule?.from ?? null;
  return (
    <FieldRow label={t('tickets.decide.callback.next')} help={help} group>
      {(control) => (
        <ChoiceGroup
          control={control}
          choices={windows.map(({ part, from }) => ({
            value: String(from),
            label: t('tickets.decide.callback.window', {
              time: formatMinute(from).slice(5),
              part: t(`tickets.decide.callback.part.${part}`),
            }),
          }))}
          value={chosen === null ? null : String(chosen)}
          onChange={(value) => onAgreed(Number(value) === byRule?.from ? null : Number(value))}
          testId={TEST_IDS.callbackNext}
        />
      )}
    </FieldRow>
  );
}
