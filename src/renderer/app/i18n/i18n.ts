import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Preferences } from '#shared/contract/shell.contract.ts';
import { zhCN } from './zh-CN.ts';

/** The texts of this window. Chinese is part of the first load, English is fetched when it is chosen. */
export const texts: i18n = createInstance();

/** Prepares the texts in the language of the workstation. */
export async function startTexts(language: Preferences['language']): Promise<void> {
  await texts.use(initReactI18next).init({
    lng: 'zh-CN',
    fallbackLng: false,
    resources: { 'zh-CN': { translation: zhCN } },
    interpolation: { escapeValue: false },
    // One catalogue: a text is found without looking for a namespace in its key first.
    nsSeparator: false,
    returnNull: false,
  });
  await switchLanguage(language);
}

/** Changes the language of everything on screen. */
export async function switchLanguage(language: Preferences['language']): Promise<void> {
  if (language === 'en' && !texts.hasResourceBundle('en', 'translation')) {
    const { en } = await import('./en.ts');
    texts.addResourceBundle('en', 'translation', en);
  }
  await texts.changeLanguage(language);
  document.documentElement.lang = language;
  document.title = texts.t('app.name');
}
