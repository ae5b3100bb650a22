import { Button } from '@mantine/core';
import { IconForms, IconKeyboard } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { runAction } from '#renderer/platform/actions.ts';
import { invokeShell } from '#renderer/platform/bridge.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useWindowStore } from '#renderer/platform/window.store.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import { Page } from '#renderer/ui/Page.tsx';
import type { SessionStatus } from '#shared/contract/session.contract.ts';
import type { Preferences } from '#shared/contract/shell.contract.ts';
import { AboutSection } from './AboutSection.tsx';
import { CallSection } from './CallSection.tsx';
import { CoverageSection } from './CoverageSection.tsx';
import { PasswordSection } from './PasswordSection.tsx';
import classes from './SettingsPage.module.css';

const LANGUAGES = [
  { value: 'zh-CN', label: '中文' },
  { value: 'en', label: 'English' },
] as const;
const THEMES = ['light', 'dark', 'system'] as const;

/** Language, theme, password, shortcuts, about. */
export function SettingsPage({ session }: { readonly session: SessionStatus }) {
  const { t } = useTranslation();
  const preferences = useWindowStore((state) => state.preferences);
  const save = async (patch: Partial<Preferences>) => {
    const saved = await invokeShell('shell:preferences:set', { ...preferences, ...patch });
    useWindowStore.setState({ preferences: saved });
  };
  return (
    <Page title={t('settings.title')}>
      <div className={classes.scroll}>
        <div className={classes.sections}>
          <section className={classes.section}>
            <h2>{t('settings.appearance')}</h2>
            <FieldRow group label={t('settings.language')}>
              {(control) => (
                <ChoiceGroup
                  control={control}
                  choices={LANGUAGES}
                  value={preferences.language}
                  onChange={(language) => void save({ language })}
                  testId={TEST_IDS.settingsLanguage}
                />
              )}
            </FieldRow>
            <FieldRow group label={t('settings.theme')}>
              {(control) => (
                <ChoiceGroup
                  control={control}
                  choices={THEMES.map((value) => ({ value, label: t(`settings.themes.${value}`) }))}
                  value={preferences.theme}
                  onChange={(theme) => void save({ theme })}
                  testId={TEST_IDS.settingsTheme}
                />
              )}
            </FieldRow>
          </section>
          <section className={classes.section}>
            <h2>{t('settings.shortcuts')}</h2>
            <div>
              <Button
                variant="default"
                leftSection={<IconKeyboard size={16} aria-hidden />}
                rightSection={<KeyHint keys={actionKey('app.shortcuts')} />}
                onClick={() => runAction('app.shortcuts')}
              >
                {t('settings.openShortcuts')}
              </Button>
            </div>
          </section>
          <CallSection />
          {session.user && <CoverageSection user={session.user} />}
          <section className={classes.section}>
            <h2>{t('forms.preview.title')}</h2>
            <p>{t('forms.preview.about')}</p>
            <div>
              <Button
                variant="default"
                leftSection={<IconForms size={16} aria-hidden />}
                onClick={() => runAction('page.forms')}
                data-testid={TEST_IDS.formPreviewOpen}
              >
                {t('forms.preview.open')}
              </Button>
            </div>
          </section>
          <PasswordSection />
          <AboutSection session={session} />
        </div>
      </div>
    </Page>
  );
}
