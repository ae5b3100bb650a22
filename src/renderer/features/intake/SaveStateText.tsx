import { IconAlertTriangle, IconCheck, IconLoader2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { SaveState } from '#renderer/platform/draft-autosave.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { formatClock } from '#renderer/ui/format-time.ts';
import classes from './IntakePanel.module.css';

/** Where the text stands with the disk, in words: 已保存 14:05:03. */
export function SaveStateText({ save }: { readonly save: SaveState }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const text = () => {
    switch (save.kind) {
      case 'saved':
        return t('intake.save.saved', { time: formatClock(save.at) });
      case 'saving':
        return t('intake.save.saving');
      case 'failed':
        return t('intake.save.failed', { reason: failureText(save) });
      case 'partly':
        return t('intake.save.partly', { time: formatClock(save.at) });
      case 'submitted':
        return t('intake.save.submitted');
    }
  };
  const Icon =
    save.kind === 'saving'
      ? IconLoader2
      : save.kind === 'failed' || save.kind === 'partly'
        ? IconAlertTriangle
        : IconCheck;
  return (
    <span
      className={classes.state}
      data-kind={save.kind}
      role={save.kind === 'failed' ? 'alert' : undefined}
      data-testid={TEST_IDS.intakeSaveState}
    >
      <Icon size={14} aria-hidden />
      {text()}
    </span>
  );
}
