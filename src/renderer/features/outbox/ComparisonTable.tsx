import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import type { ComparedField, Comparison } from '#shared/contract/attention.contract.ts';
import classes from './ComparisonTable.module.css';
import { useComparedText, useFieldName } from './compared-text.tsx';

interface ComparisonTableProps {
  readonly comparison: Comparison;
}

/** What a refused operation says beside what the server holds, field by field; what somebody else changed is marked. */
export function ComparisonTable({ comparison }: ComparisonTableProps) {
  const { t } = useTranslation();
  const fieldName = useFieldName(comparison.form);
  const text = useComparedText();
  const hasBefore = comparison.fields.some(({ before }) => before !== undefined);
  const empty = <span className={classes.none}>{t('outbox.compare.empty')}</span>;
  const theirs = ({ field, theirs: value }: ComparedField) =>
    value === undefined ? (
      <span className={classes.none}>{t('outbox.compare.absent')}</span>
    ) : (
      (text(field, value) ?? empty)
    );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to reach what scrolls
    <section className={classes.scroll} tabIndex={0} aria-label={t('outbox.compare.label')}>
      <table className={`${classes.table} selectable`} data-testid={TEST_IDS.outboxComparison}>
        <thead>
          <tr>
            <th scope="col">{t('outbox.compare.field')}</th>
            {hasBefore && <th scope="col">{t('outbox.compare.before')}</th>}
            <th scope="col">{t('outbox.compare.mine')}</th>
            <th scope="col">{t('outbox.compare.theirs')}</th>
            <th scope="col">{t('outbox.compare.by')}</th>
          </tr>
        </thead>
        <tbody>
          {comparison.fields.map((one) => (
            <tr key={one.field} data-clash={one.isClash} data-testid={TEST_IDS.outboxCompared(one.field)}>
              <th scope="row">
                {one.isClash && (
                  <IconAlertTriangle
                    size={13}
                    className={classes.mark}
                    role="img"
                    aria-label={t('outbox.compare.clash')}
                  />
                )}
                {fieldName(one.field)}
              </th>
              {hasBefore && <td>{text(one.field, one.before) ?? empty}</td>}
              <td>{text(one.field, one.mine) ?? empty}</td>
              <td>{theirs(one)}</td>
              <td className={classes.by}>
                {one.by && (
                  <>
                    {one.by.name || t('terms.system')} <TimeText at={one.by.at} />
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
