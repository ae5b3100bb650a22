import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useWords } from '#renderer/terms/form-text.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import { type CheckDoc, countingScore, type Score } from '#shared/domain/quality/check.ts';
import { fullMarks, itemsOf, type ScoreSheet } from '#shared/domain/quality/score-sheet.ts';
import classes from './Quality.module.css';

/** One score: points, and every deduction with its reason. */
function ScoreView({
  title,
  score,
  sheet,
}: {
  readonly title: string;
  readonly score: Score;
  readonly sheet: ScoreSheet | null;
}) {
  const { t } = useTranslation();
  const words = useWords();
  const { deductions, vetoes, remark } = score.marks;
  const titleOf = (id: string) => {
    const found = sheet && [...itemsOf(sheet), ...sheet.vetoes].find((one) => one.id === id);
    return found ? words(found.title) : id;
  };
  return (
    <section className={classes.score}>
      <h3>
        {title}
        <span className={classes.by}>
          {score.byName} <TimeText at={score.at} />
        </span>
      </h3>
      <p className={classes.total}>
        {sheet ? t('quality.total', { points: score.points, full: fullMarks(sheet) }) : score.points}
        <StatusTag tone={score.passed ? 'good' : 'bad'}>
          {t(score.passed ? 'quality.passed' : 'quality.failed')}
        </StatusTag>
      </p>
      <ul className={classes.lost}>
        {vetoes.map(({ veto, reason }) => (
          <li key={veto}>
            <strong>{t('quality.vetoed', { item: titleOf(veto) })}</strong>
            <span>{reason}</span>
          </li>
        ))}
        {deductions.map(({ item, points, reason }) => (
          <li key={item}>
            <strong>{t('quality.lost', { item: titleOf(item), points })}</strong>
            <span>{reason}</span>
          </li>
        ))}
        {deductions.length + vetoes.length === 0 && <li>{t('quality.nothingLost')}</li>}
      </ul>
      {remark !== '' && <p className={classes.words}>{remark}</p>}
    </section>
  );
}

/** What was scored, appealed and settled, the decision that counts first. */
export function CheckResult({ check, sheet }: { readonly check: CheckDoc; readonly sheet: ScoreSheet | null }) {
  const { t } = useTranslation();
  const { first, appeal, settled } = check;
  const { points } = countingScore(check);
  return (
    <div data-testid={TEST_IDS.qualityResult}>
      {settled && (
        <section className={classes.score}>
          <h3>
            {t(settled.score ? 'quality.settled.changed' : 'quality.settled.kept', { points })}
            <span className={classes.by}>
              {settled.byName} <TimeText at={settled.at} />
            </span>
          </h3>
          <p className={classes.words}>{settled.words}</p>
        </section>
      )}
      {settled?.score && <ScoreView title={t('quality.second')} score={settled.score} sheet={sheet} />}
      {appeal && (
        <section className={classes.score}>
          <h3>
            {t('quality.appealed')}
            <span className={classes.by}>
              {check.agentName} <TimeText at={appeal.madeAt} />
            </span>
          </h3>
          <p className={classes.words}>{appeal.words}</p>
          {appeal.at > check.appealUntil && (
            <p className={classes.hint}>
              {t('quality.cameLate')} <TimeText at={appeal.at} />
            </p>
          )}
        </section>
      )}
      <ScoreView title={t('quality.first')} score={first} sheet={sheet} />
    </div>
  );
}
