import { IconBookmark } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import { ViewsDialog, type ViewsProps } from './ViewsDialog.tsx';
import classes from './views.module.css';

/** 视图: opens the kept views of a page. */
export function ViewsButton(props: ViewsProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  useAction('views.open', () => setOpen(true));
  return (
    <>
      <button
        type="button"
        className={classes.tool}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        data-testid={TEST_IDS.viewsOpen}
      >
        <IconBookmark size={14} aria-hidden />
        {t('views.button')}
        <KeyHint keys={actionKey('views.open')} />
      </button>
      {isOpen && <ViewsDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}
