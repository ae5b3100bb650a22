import { IconDialpad } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isImeEvent } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { usePhoneCommand } from '#renderer/terms/phone-command.ts';
import { BarPopover } from './BarPopover.tsx';
import type { CallCardProps } from './CallIdentity.tsx';
import classes from './Keypad.module.css';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;

/** Keys of a telephone, sent as tones: by click, or by the same keys of the keyboard. */
export function Keypad({ call }: Pick<CallCardProps, 'call'>) {
  const { t } = useTranslation();
  const send = usePhoneCommand();
  const [opened, setOpened] = useState(false);
  const [pressed, setPressed] = useState('');

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
    <BarPopover
      icon={IconDialpad}
      label={t('call.keypad')}
      action="call.keypad"
      narrow="bare"
      testId={TEST_IDS.callKeypad}
      opened={opened}
      onOpened={setOpened}
      title={t('call.keys.title')}
      width={212}
      onKeyDown={onKeyDown}
      panelTestId={TEST_IDS.keypad}
    >
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
    </BarPopover>
  );
}
