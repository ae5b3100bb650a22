import { IconAlertTriangle, IconBellRinging, IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { AlarmKind, BoardAlarm } from '#shared/domain/board/board-alarms.ts';
import classes from './Board.module.css';

interface BoardAlarmsProps {
  readonly alarms: readonly BoardAlarm[];
  readonly chosen: AlarmKind | null;
  readonly onChoose: (kind: AlarmKind | null) => void;
}

/** What is wrong now, the grave first; one that is chosen shows its seats and tickets. */
export function BoardAlarms({ alarms, chosen, onChoose }: BoardAlarmsProps) {
  const { t } = useTranslation();
  if (alarms.length === 0) {
    return (
      <p className={classes.calm} data-testid={TEST_IDS.boardAlarms}>
        <IconCircleCheck size={15} aria-hidden />
        {t('board.noAlarms')}
      </p>
    );
  }
  return (
    <ul className={classes.alarms} aria-label={t('board.alarms')} data-testid={TEST_IDS.boardAlarms}>
      {alarms.map(({ kind, level, value, limit, source }) => {
        const Icon = level === 'bad' ? IconAlertTriangle : IconBellRinging;
        return (
          <li key={kind}>
            <button
              type="button"
              className={classes.alarm}
              data-level={level}
              aria-pressed={chosen === kind}
              title={t('board.limit', { limit, source })}
              onClick={() => onChoose(chosen === kind ? null : kind)}
              data-testid={TEST_IDS.boardAlarm(kind)}
            >
              <Icon size={15} aria-hidden />
              <b>{t(`board.level.${level}`)}</b>
              {t(`board.alarm.${kind}`, { count: value })}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
