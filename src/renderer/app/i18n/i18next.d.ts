import 'i18next';
import type { TextNames } from './catalogue.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: TextNames };
    returnNull: false;
  }
}
