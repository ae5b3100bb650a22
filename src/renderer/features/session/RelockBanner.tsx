import { Button, PasswordInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhoneStore } from '#renderer/platform/phone-client.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { PASSWORD_MAX, useTextProblem } from '#renderer/terms/text-problem.ts';
import { Banner } from '#renderer/ui/Banner.tsx';
import classes from './RelockBanner.module.css';
import { useSignIn } from './sign-in.ts';

/**
 * The data process was restarted and has lost the key while somebody was typing: the password is asked for beside the
 * work, never over it.
 */
export function RelockBanner({ account }: { readonly account: string }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const signIn = useSignIn();
  const hasCall = usePhoneStore(({ phone }) => phone.call !== null);
  const [password, setPassword] = useState('');
  /** What was typed in before the password. */
  const before = useRef<HTMLElement | null>(null);
  const problem = useTextProblem()(password, PASSWORD_MAX);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (password === '' || problem !== null || signIn.working) return;
    void signIn.submit(account, password).then((done) => {
      setPassword('');
      if (done && before.current?.isConnected) before.current.focus();
    });
  };
  return (
    <Banner
      tone="warn"
      testId={TEST_IDS.relockBanner}
      text={signIn.failure ? failureText(signIn.failure) : t(hasCall ? 'banners.relockInCall' : 'banners.relock')}
    >
      <form
        className={classes.form}
        onSubmit={onSubmit}
        onFocus={({ currentTarget, relatedTarget }) => {
          const isFromOutside = relatedTarget instanceof HTMLElement && !currentTarget.contains(relatedTarget);
          if (isFromOutside) before.current = relatedTarget;
        }}
      >
        <PasswordInput
          w={200}
          aria-label={t('session.password')}
          placeholder={t('session.password')}
          value={password}
          error={problem}
          aria-invalid={problem !== null}
          autoComplete="off"
          onChange={(event) => setPassword(event.currentTarget.value)}
          data-testid={TEST_IDS.relockPassword}
        />
        <Button
          type="submit"
          loading={signIn.working}
          disabled={password === '' || problem !== null || signIn.blockedUntil !== null}
        >
          {t('session.unlock')}
        </Button>
      </form>
    </Banner>
  );
}
