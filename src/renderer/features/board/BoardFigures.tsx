import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useDurationText } from '#renderer/terms/time-text.tsx';
import { type Accepted, FIGURES, type Figure } from '#shared/domain/board/board.ts';
import classes from './Board.module.css';

interface BoardFiguresProps {
  readonly figures: readonly Figure[];
  /** Undefined from a server that does not tell them apart. */
  readonly accepted: Accepted | undefined;
}

/** What the day brought, as 诉求 and as 事件, and its figures, each with what it was divided by what. */
export function BoardFigures({ figures, accepted }: BoardFiguresProps) {
  const { t } = useTranslation();
  const durationText = useDurationText();
  const parts = ({ name, numerator, denominator }: Figure) => {
    const isTime = FIGURES[name] === 'time';
    const whole = isTime ? t('board.sum', { time: durationText(numerator) }) : numerator;
    const fraction = t('board.fraction', { numerator: whole, denominator });
    if (denominator === 0) return { value: '—', fraction };
    if (isTime) return { value: durationText(numerator / denominator), fraction };
    return { value: `${((100 * numerator) / denominator).toFixed(1)}%`, fraction };
  };
  return (
    <>
      {accepted && (
        <p className={classes.accepted} title={t('board.accepted.about')} data-testid={TEST_IDS.boardAccepted}>
          <span>{t('board.accepted.name')}</span>
          <b>{t('board.accepted.tickets', { count: accepted.tickets })}</b>
          <b>{t('board.accepted.events', { count: accepted.events })}</b>
        </p>
      )}
      <dl className={classes.figures} aria-label={t('board.figuresOfToday')}>
        {figures.map((figure) => {
          const { value, fraction } = parts(figure);
          return (
            <div
              key={figure.name}
              className={classes.figure}
              title={t(`board.figure.${figure.name}.about`)}
              data-testid={TEST_IDS.boardFigure(figure.name)}
            >
              <dt>{t(`board.figure.${figure.name}.name`)}</dt>
              <dd>
                <b>{value}</b>
                <span>{fraction}</span>
              </dd>
            </div>
          );
        })}
      </dl>
    </>
  );
}
