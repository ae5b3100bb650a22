import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
import type { DecisionRefusal } from '#shared/contract/tickets.contract.ts';
import classes from './Decide.module.css';
import { useReasonText } from './reason-text.ts';
import type { Candidate, Obstacle } from './written-decision.ts';

/** What happens to one of several tickets. */
export interface PreviewLine extends Candidate {
  /** Null when it is decided with the others. */
  readonly obstacle: Obstacle | DecisionRefusal | null;
  readonly unit: string | null;
}

/** Every ticket of a bulk decision, before it is made: what becomes of each, and which are left alone. */
export function DecisionPreview({ lines }: { readonly lines: readonly PreviewLine[] }) {
  const { t } = useTranslation();
  const { reasonsText } = useReasonText();
  const reasonsOf = (unit: string | null, ranked: PreviewLine['ranked']) => {
    if (unit === null) return undefined;
    const named = ranked.find((one) => one.unit === unit);
    return named ? reasonsText(named.reasons) : t('tickets.decide.basis.manual');
  };
  const hasReasons = lines.some(({ unit }) => unit !== null);
  const left = lines.filter(({ obstacle }) => obstacle !== null).length;
  return (
    <>
      <p className={classes.summary} data-testid={TEST_IDS.decideSummary}>
        {t('tickets.decide.summary', { count: lines.length - left })}
        {left > 0 && t('tickets.decide.leftOut', { count: left })}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to reach what scrolls */}
      <section className={classes.preview} tabIndex={0} aria-label={t('tickets.decide.preview')}>
        <table className={classes.table}>
          <tbody>
            {lines.map(({ ticket, obstacle, unit, ranked }) => (
              <tr key={ticket.uid} data-left={obstacle !== null} data-testid={TEST_IDS.decideLine(ticket.uid)}>
                <td>{displayTicketNumber(ticket)}</td>
                <td className={classes.title}>{ticket.title || ticket.excerpt}</td>
                <td>{obstacle === null ? unit : t(`tickets.decide.obstacle.${obstacle}`)}</td>
                {hasReasons && <td className={classes.reasons}>{obstacle === null && reasonsOf(unit, ranked)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
