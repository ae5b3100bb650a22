import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useWindowStore } from '#renderer/platform/window.store.ts';
import type { SessionStatus } from '#shared/contract/session.contract.ts';
import classes from './SettingsPage.module.css';
import { useSuggestLine } from './suggest-line.ts';

/** Who is signed in and what runs here. */
export function AboutSection({ session }: { readonly session: SessionStatus }) {
  const { t } = useTranslation();
  const info = useWindowStore((state) => state.info);
  const suggestLine = useSuggestLine();
  const { user } = session;
  const rows: readonly (readonly [string, string])[] = [
    [
      t('settings.user'),
      user
        ? [user.name, t('settings.seat', { seat: user.seat }), t(`terms.role.${user.role}`), user.lines.join(' ')].join(
            ' · ',
          )
        : '',
    ],
    [t('settings.version'), info?.appVersion ?? ''],
    [
      t('settings.runtime'),
      info
        ? `${t(`settings.runtimes.${info.runtime}`)} · Electron ${info.electron} · Chromium ${info.chrome} · Node ${info.node}`
        : '',
    ],
    [t('settings.mode'), t(`settings.modes.${session.mode}`)],
    [t('settings.keyring'), t(`settings.keyringStates.${session.keyring}`)],
    [t('settings.suggest.label'), suggestLine],
  ];
  return (
    <section className={classes.section} data-testid={TEST_IDS.settingsAbout}>
      <h2>{t('settings.about')}</h2>
      <dl className={`${classes.about} selectable`}>
        {rows
          .filter(([, value]) => value !== '')
          .map(([label, value]) => (
            <div key={label} style={{ display: 'contents' }}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
