import { Button, type ButtonProps } from '@mantine/core';
import { IconPhoneOff } from '@tabler/icons-react';
import type { ComponentPropsWithRef, ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { type ActionId, actionKey } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import classes from './CallBar.module.css';

type Icon = ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;

/** What a menu or popover gives its target is passed on to the button. */
type Passed = Pick<ComponentPropsWithRef<'button'>, 'ref' | 'onClick' | 'id'> & ButtonProps;

interface BarButtonProps extends Passed {
  readonly icon: Icon;
  readonly label: string;
  /** The key that does the same; a button that only opens a menu may have none. */
  readonly action?: ActionId;
  readonly testId: string;
  /** Said on hover when the verb alone does not say enough. */
  readonly hint?: string;
  readonly tone?: 'good' | 'bad' | 'accent';
  /**
   * What a short bar leaves out first (it stays for screen readers and on hover): the key cap; the words; all but the icon. Only a bar
   * that is shorter still takes the others' words, see use-bar-fit.ts.
   */
  readonly narrow?: 'no-key' | 'no-words' | 'bare';
}

/** A button of the call bar: icon, verb, key. */
export function BarButton({ icon: Icon, label, action, testId, hint, tone, narrow, ...passed }: BarButtonProps) {
  const keys = action ? actionKey(action) : '';
  return (
    <Button
      variant={tone ? 'filled' : 'default'}
      className={tone ? (classes[tone] ?? '') : ''}
      leftSection={<Icon size={15} aria-hidden />}
      rightSection={keys === '' ? null : <KeyHint keys={keys} />}
      aria-keyshortcuts={keys === '' ? undefined : keys}
      title={keys === '' ? (hint ?? label) : `${hint ?? label} (${keys})`}
      data-narrow={narrow}
      data-tone={tone}
      data-testid={testId}
      {...passed}
    >
      <span className={classes.words}>{label}</span>
    </Button>
  );
}

/** Ends the call. */
export function HangUpButton(props: Pick<BarButtonProps, 'onClick' | 'narrow'>) {
  const { t } = useTranslation();
  return (
    <BarButton
      tone="bad"
      icon={IconPhoneOff}
      label={t('call.hangup')}
      action="call.hangup"
      testId={TEST_IDS.callHangup}
      {...props}
    />
  );
}
