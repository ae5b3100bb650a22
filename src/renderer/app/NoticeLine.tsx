import { IconAlertCircle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { dismissNotice, useNoticeStore } from '../platform/notice.store.ts';
import { TEST_IDS } from '../platform/test-ids.ts';
import classes from './StatusBar.module.css';

const LOOKS = {
  info: ['info', IconInfoCircle],
  success: ['good', IconCircleCheck],
  error: ['bad', IconAlertCircle],
} as const;

/** The last thing that was done or went wrong, with its undo. */
export function NoticeLine() {
  const { t } = useTranslation();
  const notice = useNoticeStore((state) => state.notice);
  const [tone, Icon] = LOOKS[notice?.tone ?? 'info'];
  const undo = () => {
    notice?.undo?.();
    dismissNotice();
  };
  return (
    <span className={classes.notice} role="status" data-testid={TEST_IDS.notice} data-tone={notice?.tone}>
      {notice && (
        <>
          <span className={`${classes.item} ${classes.noticeText}`} data-tone={tone} title={notice.text}>
            <Icon size={14} aria-hidden />
            {notice.text}
          </span>
          {notice.undo && (
            <button type="button" className={classes.noticeButton} onClick={undo} data-testid={TEST_IDS.noticeUndo}>
              {t('app.undo')}
            </button>
          )}
          {notice.tone === 'error' && (
            <button type="button" className={classes.noticeButton} onClick={dismissNotice}>
              {t('app.dismiss')}
            </button>
          )}
        </>
      )}
    </span>
  );
}
