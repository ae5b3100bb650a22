import { useTranslation } from 'react-i18next';
import type { Preferences } from '#shared/contract/shell.contract.ts';
import { invokeShell } from '../platform/bridge.ts';
import { useWindowStore } from '../platform/window.store.ts';
import classes from './PreferenceSwitches.module.css';

/** Language and theme on the sign-in screen, where nobody has settings yet. */
export function PreferenceSwitches() {
  const { t } = useTranslation();
  const preferences = useWindowStore((state) => state.preferences);
  const save = async (patch: Partial<Preferences>) => {
    const saved = await invokeShell('shell:preferences:set', { ...preferences, ...patch });
    useWindowStore.setState({ preferences: saved });
  };
  const otherLanguage = preferences.language === 'en' ? 'zh-CN' : 'en';
  const themes = ['light', 'dark', 'system'] as const;
  const nextTheme = themes[(themes.indexOf(preferences.theme) + 1) % themes.length] ?? 'system';
  return (
    <>
      <button type="button" className={classes.link} onClick={() => void save({ language: otherLanguage })}>
        {otherLanguage === 'en' ? 'English' : '中文'}
      </button>
      <span aria-hidden>·</span>
      <button type="button" className={classes.link} onClick={() => void save({ theme: nextTheme })}>
        {t('settings.theme')}：{t(`settings.themes.${preferences.theme}`)}
      </button>
    </>
  );
}
