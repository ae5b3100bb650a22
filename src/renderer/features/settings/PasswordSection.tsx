import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { PASSWORD_MAX, useTextProblem } from '#renderer/terms/text-problem.ts';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import classes from './SettingsPage.module.css';

/** Changes the password at the server and for the data on this computer. */
export function PasswordSection() {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const [oldPassword, setOld] = useState('');
  const [newPassword, setNew] = useState('');
  const [repeated, setRepeated] = useState('');
  const [message, setMessage] = useState<string | null>(null);
  const [working, setWorking] = useState(false);
  const mismatch = repeated !== '' && repeated !== newPassword;
  const textProblem = useTextProblem();
  const oldProblem = textProblem(oldPassword, PASSWORD_MAX);
  const newProblem = textProblem(newPassword, PASSWORD_MAX);
  const isGood = oldProblem === null && newProblem === null;
  const complete = isGood && oldPassword !== '' && newPassword !== '' && repeated === newPassword;

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    if (!complete || working) return;
    setWorking(true);
    setMessage(null);
    try {
      await dataClient.session.changePassword({ oldPassword, newPassword });
      setOld('');
      setNew('');
      setRepeated('');
      showNotice('success', t('settings.passwordChanged'));
    } catch (error) {
      setMessage(t('settings.passwordFailed', { reason: failureText(toCallFailure(error)) }));
    } finally {
      setWorking(false);
    }
  };

  return (
    <section className={classes.section}>
      <h2>{t('settings.password')}</h2>
      <p>{t('settings.passwordHint')}</p>
      <form className={classes.section} onSubmit={(event) => void onSubmit(event)}>
        <FieldRow label={t('settings.oldPassword')} error={oldProblem}>
          {(control) => (
            <PasswordInput
              id={control.id}
              error={control.invalid}
              aria-invalid={control.invalid}
              aria-describedby={control.describedBy}
              value={oldPassword}
              autoComplete="off"
              onChange={(event) => setOld(event.currentTarget.value)}
              data-testid={TEST_IDS.settingsOldPassword}
            />
          )}
        </FieldRow>
        <FieldRow label={t('settings.newPassword')} error={newProblem}>
          {(control) => (
            <>
              <PasswordInput
                id={control.id}
                error={control.invalid}
                aria-invalid={control.invalid}
                aria-describedby={control.describedBy}
                value={newPassword}
                autoComplete="off"
                onChange={(event) => setNew(event.currentTarget.value)}
                data-testid={TEST_IDS.settingsNewPassword}
              />
              <p>{t('settings.passwordRule')}</p>
            </>
          )}
        </FieldRow>
        <FieldRow label={t('settings.repeatPassword')} error={mismatch ? t('settings.passwordMismatch') : null}>
          {(control) => (
            <PasswordInput
              id={control.id}
              error={control.invalid}
              aria-invalid={control.invalid}
              aria-describedby={control.describedBy}
              value={repeated}
              autoComplete="off"
              onChange={(event) => setRepeated(event.currentTarget.value)}
              data-testid={TEST_IDS.settingsRepeatPassword}
            />
          )}
        </FieldRow>
        {message !== null && (
          <div className={classes.message} role="alert">
            {message}
          </div>
        )}
        <div>
          <Button type="submit" disabled={!complete} loading={working} data-testid={TEST_IDS.settingsChangePassword}>
            {t('settings.changePassword')}
          </Button>
        </div>
      </form>
    </section>
  );
}
