import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useWords } from '#renderer/terms/form-text.ts';
import { type CalibrationDoc, spreadOf } from '#shared/domain/quality/check.ts';
import { itemsOf, type ScoreSheet } from '#shared/domain/quality/score-sheet.ts';
import classes from './Quality.module.css';

/** How far apart the checkers of a calibration are, item by item; those they agree on are quiet. */
export function CalibrationResult({
  calibration,
  sheet,
}: {
  readonly calibration: CalibrationDoc;
  readonly sheet: ScoreSheet;
}) {
  const { t } = useTranslation();
  const words = useWords();
  const ref = useRef<HTMLElement>(null);
  useEffect(() => ref.current?.focus(), []);
  const { scores } = calibration;
  const spread = spreadOf(calibration);
  const titles = new Map(itemsOf(sheet).map(({ id, title }) => [id, words(title)]));
  if (scores.length === 0) return <p className={classes.hint}>{t('quality.noMarks')}</p>;
  const points = scores.map((score) => score.points);
  return (
    <section
      ref={ref}
      className={classes.spread}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls sideways has to be reachable by keyboard
      tabIndex={0}
      aria-label={t('quality.spread')}
      data-testid={TEST_IDS.qualitySpread}
    >
      <table>
        <thead>
          <tr>
            <th scope="col">{t('quality.item')}</th>
            {scores.map(({ id, byName }) => (
              <th key={id} scope="col">
                {byName}
              </th>
            ))}
            <th scope="col">{t('quality.apart')}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{t('quality.points')}</th>
            {scores.map((score) => (
              <td key={score.id}>{score.points}</td>
            ))}
            <td>{Math.max(...points) - Math.min(...points)}</td>
          </tr>
          {spread.map(({ item, lost, least, most }) => (
            <tr key={item} data-apart={most > least}>
              <th scope="row">{titles.get(item)}</th>
              {lost.map((one, index) => (
                <td key={scores[index]?.id}>{one === 0 ? '' : `−${one}`}</td>
              ))}
              <td>{most === least ? '' : most - least}</td>
            </tr>
          ))}
          {sheet.vetoes.map(({ id, title }) => {
            const said = scores.map(({ marks }) => marks.vetoes.some(({ veto }) => veto === id));
            if (!said.includes(true)) return null;
            return (
              <tr key={id} data-apart={said.includes(false)}>
                <th scope="row">{words(title)}</th>
                {said.map((one, index) => (
                  <td key={scores[index]?.id}>{one ? t('quality.vetoMark') : ''}</td>
                ))}
                <td />
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
