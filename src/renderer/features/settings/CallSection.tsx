import { useTranslation } from 'react-i18next';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { sendPhone } from '#renderer/platform/phone-client.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import classes from './SettingsPage.module.css';

/** Lengths of 整理 to choose from, in s. */
const LENGTHS = ['30', '60', '90', '120', '180', '300'] as const;

/** How long the agent wraps up after a call before being ready again. */
export function CallSection() {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const { data } = useLiveQuery(['calls', 'session'], () => dataClient.calls.settings(), []);
  const save = async (seconds: (typeof LENGTHS)[number]) => {
    const wrapUpMs = Number(seconds) * 1_000;
    try {
      await dataClient.calls.saveSettings({ wrapUpMs });
      await sendPhone({ kind: 'set-wrap-up', ms: wrapUpMs });
      showNotice('success', t('call.settings.saved'));
    } catch (error) {
      showNotice('error', failureText(toCallFailure(error)));
    }
  };
  const label = (seconds: string) => {
    const count = Number(seconds);
    return count % 60 === 0 ? t('call.settings.minutes', { count: count / 60 }) : t('call.settings.seconds', { count });
  };
  return (
    <section className={classes.section}>
      <h2>{t('call.settings.title')}</h2>
      <FieldRow group label={t('call.settings.wrapUp')}>
        {(control) => (
          <ChoiceGroup
            control={control}
            choices={LENGTHS.map((value) => ({ value, label: label(value) }))}
            value={LENGTHS.find((value) => Number(value) * 1_000 === data?.wrapUpMs) ?? null}
            onChange={(value) => void save(value)}
            testId={TEST_IDS.settingsWrapUp}
          />
        )}
      </FieldRow>
      <p>{t('call.settings.wrapUpHint')}</p>
    </section>
  );
}
