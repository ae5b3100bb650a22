import { IconBookmark } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import type { TicketView } from '#shared/domain/ticket-view.ts';
import { ViewsDialog } from './ViewsDialog.tsx';
import classes from './views.module.css';

export interface ViewsProps {
  /** Which of the kept views belong here. */
  readonly isOffered: (view: TicketView) => boolean;
  /** What is shown now, to be kept under a name. */
  readonly current: Omit<TicketView, 'id' | 'name'>;
  readonly onOpen: (view: TicketView) => void;
}

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
