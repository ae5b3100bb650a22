import { Popover } from '@mantine/core';
import { IconDialpad } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { isImeEvent } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { usePhoneCommand } from '#renderer/terms/phone-command.ts';
import { BarButton } from './BarButton.tsx';
import type { CallCardProps } from './CallIdentity.tsx';
import classes from './Keypad.module.css';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;

/** Keys of a telephone, sent as tones: by click, or by the same keys of the keyboard. */
export function Keypad({ call }: Pick<CallCardProps, 'call'>) {
  const { t } = useTranslation();
  const send = usePhoneCommand();
  const [opened, setOpened] = useState(false);
  const [pressed, setPressed] = useState('');
  useAction('call.keypad', () => setOpened(true));
  useAction('app.back', () => setOpened(false), opened);

  const press = (digits: string) => {
    setPressed(digits);
    void send({ kind: 'dtmf', callId: call.callId, digits });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isImeEvent(event.nativeEvent) || event.ctrlKey || event.altKey || event.metaKey) return;
    const key = KEYS.find((one) => one === event.key);
    if (!key) return;
    event.preventDefault();
    press(key);
  };
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={212}
      trapFocus
      returnFocus
      closeOnEscape={false}
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <BarButton
          icon={IconDialpad}
          label={t('call.keypad')}
          action="call.keypad"
          narrow="bare"
          onClick={() => setOpened(!opened)}
          testId={TEST_IDS.callKeypad}
        />
      </Popover.Target>
      <Popover.Dropdown aria-label={t('call.keys.title')} onKeyDown={onKeyDown} data-testid={TEST_IDS.keypad}>
        <p className={classes.sent} role="status" data-testid={TEST_IDS.keypadSent}>
          {call.digits === '' ? t('call.keys.none') : t('call.keys.sent', { digits: call.digits })}
        </p>
        <div className={classes.keys}>
          {KEYS.map((key, index) => (
            <button
              key={key}
              type="button"
              className={classes.key}
              data-pressed={pressed === key}
              data-autofocus={index === 0 || undefined}
              aria-label={t('call.keys.key', { key })}
              onClick={() => press(key)}
              data-testid={TEST_IDS.keypadKey(key)}
            >
              {key}
            </button>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
