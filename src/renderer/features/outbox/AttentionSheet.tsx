import { useTranslation } from 'react-i18next';
import { useStumbleText } from '#renderer/terms/stumble-text.ts';
import { formatFullTime } from '#renderer/ui/format-time.ts';
import { clock } from '#renderer/ui/now.ts';
import type { Comparison } from '#shared/contract/attention.contract.ts';
import type { OutboxItem } from '#shared/contract/outbox.contract.ts';
import { useComparedText, useFieldName } from './compared-text.tsx';
import { kindText } from './outbox-columns.tsx';

interface AttentionSheetProps {
  readonly item: OutboxItem;
  readonly comparison: Comparison;
}

/** A refused operation on paper: what was to be done, why not, both values of every field, and room for the decision. */
export function AttentionSheet({ item, comparison }: AttentionSheetProps) {
  const { t } = useTranslation();
  const stumbleText = useStumbleText();
  const fieldName = useFieldName(comparison.form);
  const text = useComparedText();
  const { server } = comparison;
  return (
    <article className="sheet" lang="zh-CN">
      <h1>{t('sheet.attention.title')}</h1>
      <p className="sheet-sub">
        <span>
          {t(kindText(item.kind))}：{item.label}
        </span>
        <span>{t('sheet.attention.printedAt', { time: formatFullTime(clock.now()) })}</span>
      </p>
      <p>
        {t('sheet.attention.done', { time: formatFullTime(item.at), count: item.attempts })}
        {item.lastError && `\n${stumbleText(item.lastError, true).title}`}
      </p>
      <p>
        {server
          ? t('sheet.attention.server', {
              number: server.number,
              time: formatFullTime(server.at),
              name: server.byName || t('terms.system'),
            })
          : t('sheet.attention.noServer')}
      </p>
      <table>
        <thead>
          <tr>
            {(['field', 'before', 'mine', 'theirs', 'by'] as const).map((column) => (
              <th key={column}>{t(`outbox.compare.${column}`)}</th>
            ))}
            <th>{t('sheet.attention.decision')}</th>
          </tr>
        </thead>
        <tbody>
          {comparison.fields.map((one) => (
            <tr key={one.field}>
              <th>
                {one.isClash ? '▲ ' : ''}
                {fieldName(one.field)}
              </th>
              <td>{text(one.field, one.before)}</td>
              <td>{text(one.field, one.mine)}</td>
              <td>{text(one.field, one.theirs)}</td>
              <td>{one.by && `${one.by.name || t('terms.system')} ${formatFullTime(one.by.at)}`}</td>
              <td>
                {t('sheet.attention.choices')
                  .split(' ')
                  .map((choice) => (
                    <span key={choice} className="sheet-choice">
                      {choice}{' '}
                    </span>
                  ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="sheet-foot">
        <span>{t('sheet.attention.decidedBy')}：</span>
        <span>{t('sheet.attention.date')}：</span>
      </p>
      <p>{t('sheet.attention.op', { id: item.opId })}</p>
    </article>
  );
}
