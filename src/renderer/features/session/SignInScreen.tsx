import { Button, PasswordInput, TextInput } from '@mantine/core';
import { IconAlertCircle, IconHeadset } from '@tabler/icons-react';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isTextElement } from '#renderer/platform/actions.ts';
import { isImeEvent } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { ACCOUNT_MAX, PASSWORD_MAX, useTextProblem } from '#renderer/terms/text-problem.ts';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { formatTimer } from '#renderer/ui/format-time.ts';
import { useNow } from '#renderer/ui/now.ts';
import type { SessionStatus } from '#shared/contract/session.contract.ts';
import { DEMO_ACCOUNTS } from '#shared/domain/demo.ts';
import { PeopleList } from './PeopleList.tsx';
import { ServerLine } from './ServerLine.tsx';
import classes from './SignInScreen.module.css';
import { useSignIn } from './sign-in.ts';

interface SignInScreenProps {
  /** Null while the data process is still starting: the form is there before it, and what is typed waits for it. */
  readonly session: SessionStatus | null;
  readonly mode: SessionStatus['mode'];
  /** Account of the person who locked this console; null when nobody was here. */
  readonly lockedBy: string | null;
  /** What somebody in front of a locked console has to know. */
  readonly notice: ReactNode;
  /** Language and theme switches. */
  readonly footer: ReactNode;
}

function Wait({ until }: { readonly until: number }) {
  const { t } = useTranslation();
  return t('session.wait', { time: formatTimer(until - useNow()) });
}

const UNKNOWN_SERVER: SessionStatus['server'] = { state: 'unknown', done: null, total: null };
const NO_PROFILES: SessionStatus['profiles'] = [];

/** Signing in at the server and unlocking this computer are one screen: account and password. */
export function SignInScreen({ session, mode, lockedBy, notice, footer }: SignInScreenProps) {
  const profiles = session?.profiles ?? NO_PROFILES;
  const demoAccounts = session?.demoAccounts ?? (mode === 'demo' ? DEMO_ACCOUNTS : []);
  const server = session?.server ?? UNKNOWN_SERVER;
  const { t } = useTranslation();
  const failureText = useFailureText();
  const signIn = useSignIn();
  const [account, setAccount] = useState(lockedBy ?? '');
  const [password, setPassword] = useState('');
  const [capsLock, setCapsLock] = useState(false);
  const rootRef = useRef<HTMLDivElement>(null);
  const passwordRef = useRef<HTMLInputElement>(null);
  const accountRef = useRef<HTMLInputElement>(null);
  const { working, failure, blockedUntil } = signIn;
  const isBlocked = blockedUntil !== null;
  const textProblem = useTextProblem();
  const accountProblem = textProblem(account, ACCOUNT_MAX);
  const passwordProblem = textProblem(password, PASSWORD_MAX);
  const isComplete = account.trim() !== '' && password !== '' && accountProblem === null && passwordProblem === null;
  const isDemo = demoAccounts.length > 0;
  const onlyProfile = profiles.length === 1 && !isDemo ? profiles[0]?.account : undefined;

  // Whoever locked it types the password. The demo waits for a digit; otherwise the first thing that is missing is typed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the screen opens
  useEffect(() => {
    if (lockedBy !== null) passwordRef.current?.focus();
    else if (isDemo) rootRef.current?.focus();
    else accountRef.current?.focus();
  }, []);

  // The one person who works here only types the password, unless another account was begun meanwhile.
  useEffect(() => {
    if (onlyProfile === undefined || accountRef.current?.value !== '') return;
    setAccount(onlyProfile);
    if (document.activeElement === accountRef.current) passwordRef.current?.focus();
  }, [onlyProfile]);

  const trySignIn = async (name: string, secret: string) => {
    if (working || isBlocked) return;
    if (await signIn.submit(name, secret)) return;
    setPassword('');
    passwordRef.current?.focus();
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (isComplete) void trySignIn(account, password);
  };
  const canEnterDemo = (name: string) =>
    !working && !isBlocked && (server.state === 'ready' || profiles.some((one) => one.account === name));
  const enterDemo = (index: number) => {
    const person = demoAccounts[index];
    if (!person || !canEnterDemo(person.account)) return;
    setAccount(person.account);
    void trySignIn(person.account, person.password);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    setCapsLock(event.getModifierState('CapsLock'));
    if (isImeEvent(event) || event.ctrlKey || event.altKey || isTextElement(event.target)) return;
    if (!/^[1-9]$/.test(event.key)) return;
    event.preventDefault();
    enterDemo(Number(event.key) - 1);
  };
  const onKeyDownRef = useRef(onKeyDown);
  onKeyDownRef.current = onKeyDown;
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDownRef.current(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);

  return (
    <div ref={rootRef} className={classes.screen} tabIndex={-1} data-testid={TEST_IDS.signIn}>
      <main className={classes.card}>
        <div className={classes.brand}>
          <IconHeadset size={36} stroke={1.5} aria-hidden />
          <div>
            <h1>{t('app.name')}</h1>
            <p>{t(profiles.length > 0 ? 'session.unlockTitle' : 'session.title')}</p>
          </div>
        </div>
        {notice}
        <form className={classes.form} onSubmit={onSubmit}>
          <FieldRow label={t('session.account')} error={accountProblem}>
            {(control) => (
              <TextInput
                ref={accountRef}
                id={control.id}
                value={account}
                error={control.invalid}
                aria-describedby={control.describedBy}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => setAccount(event.currentTarget.value)}
                data-testid={TEST_IDS.signInAccount}
              />
            )}
          </FieldRow>
          <FieldRow label={t('session.password')} error={passwordProblem}>
            {(control) => (
              <>
                <PasswordInput
                  ref={passwordRef}
                  id={control.id}
                  value={password}
                  error={control.invalid}
                  aria-invalid={control.invalid}
                  aria-describedby={control.describedBy}
                  autoComplete="off"
                  onChange={(event) => setPassword(event.currentTarget.value)}
                  data-testid={TEST_IDS.signInPassword}
                />
                {capsLock && <span className={classes.hint}>{t('session.capsLock')}</span>}
              </>
            )}
          </FieldRow>
          {failure && (
            <p className={classes.error} role="alert" data-testid={TEST_IDS.signInError} data-code={failure.code}>
              <IconAlertCircle size={15} aria-hidden />
              <span>
                {failureText(failure)}
                {isBlocked && (
                  <>
                    {' '}
                    <Wait until={blockedUntil} />
                  </>
                )}
              </span>
            </p>
          )}
          <div className={classes.submit}>
            <Button
              type="submit"
              fullWidth
              loading={working}
              disabled={isBlocked || !isComplete}
              data-testid={TEST_IDS.signInSubmit}
            >
              {t(profiles.some((one) => one.account === account.trim()) ? 'session.unlock' : 'session.submit')}
            </Button>
          </div>
        </form>
        {isDemo ? (
          <PeopleList
            title={t('session.demoTitle')}
            hint={t(lockedBy === null ? 'session.demoHint' : 'session.demoHintLocked')}
            people={demoAccounts.map((person, index) => ({
              account: person.account,
              name: person.name,
              role: person.role,
              digit: index + 1,
              disabled: !canEnterDemo(person.account),
            }))}
            testId={TEST_IDS.signInDemo}
            onPick={(_, index) => enterDemo(index)}
          />
        ) : (
          profiles.length > 1 && (
            <PeopleList
              title={t('session.profiles')}
              hint={t('session.profilesHint')}
              people={profiles.map((person) => ({ ...person, pressed: person.account === account }))}
              testId={TEST_IDS.signInProfile}
              onPick={(name) => {
                setAccount(name);
                passwordRef.current?.focus();
              }}
            />
          )
        )}
        {session?.keyring === 'unreadable' && profiles.length > 0 && (
          <p className={classes.error} role="status" data-testid={TEST_IDS.signInKeyring}>
            <IconAlertCircle size={15} aria-hidden />
            <span>{t('session.keyringUnreadable')}</span>
          </p>
        )}
        <ServerLine server={server} hasProfile={profiles.length > 0} />
      </main>
      <div className={classes.footer}>{footer}</div>
    </div>
  );
}
