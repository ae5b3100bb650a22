import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftId } from '#shared/kernel/ids.ts';
import { restoreTab } from '../features/intake/draft-tabs.ts';
import { toCallFailure } from '../platform/call-error.ts';
import { showNotice } from '../platform/notice.store.ts';
import { useFailureText } from '../terms/failure-text.ts';
import { goTo } from './route.store.ts';

/** Opens a draft that was discarded or went with its call, and goes to it. */
export function useRestoreDraft(): (id: DraftId) => void {
  const { t } = useTranslation();
  const failureText = useFailureText();
  return useCallback(
    (id) => {
      restoreTab(id).then(
        () => {
          goTo('workbench');
          showNotice('info', t('intake.restored'));
        },
        (error: unknown) => showNotice('error', failureText(toCallFailure(error))),
      );
    },
    [t, failureText],
  );
}
