import { Button, TextInput } from '@mantine/core';
import { IconPhoneOutgoing } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { toDiallable, useDialObstacle } from '#renderer/terms/DialButton.tsx';
import { usePhoneCommand } from '#renderer/terms/phone-command.ts';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import type { Line } from '#shared/domain/roles.ts';
import { LIMITS } from '#shared/domain/ticket.ts';
import { BarPopover } from './BarPopover.tsx';
import classes from './DialPanel.module.css';

/** 外呼: any number, typed; `line` is the one it is called for. */
export function DialPanel({ line }: { readonly line: Line }) {
  const { t } = useTranslation();
  const send = usePhoneCommand();
  const obstacle = useDialObstacle();
  const [opened, setOpened] = useState(false);
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const problem = useTextProblem()(typed, LIMITS.phone);
  const diallable = problem === null ? toDiallable(typed) : null;

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (diallable === null) return;
    setOpened(false);
    setTyped('');
    setTried(false);
    void send({ kind: 'dial', ...diallable, name: '', line, about: { ticketUid: null, callbackOf: null } });
  };
  if (obstacle !== null) return null;
  return (
    <BarPopover
      icon={IconPhoneOutgoing}
      label={t('call.dial')}
      action="call.dial"
      testId={TEST_IDS.callDial}
      opened={opened}
      onOpened={setOpened}
      title={t('call.dialTo.title')}
      width={340}
    >
      <form className={classes.form} onSubmit={onSubmit}>
        <FieldRow
          label={t('call.dialTo.number')}
          error={problem ?? (tried && diallable === null ? t('call.dialTo.invalid') : null)}
          errorTestId={TEST_IDS.dialError}
        >
          {(control) => (
            <TextInput
              id={control.id}
              data-autofocus
              error={control.invalid}
              aria-describedby={control.describedBy}
              inputMode="tel"
              value={typed}
              placeholder={t('call.dialTo.placeholder')}
              autoComplete="off"
              onChange={(event) => setTyped(event.currentTarget.value)}
              data-testid={TEST_IDS.dialNumber}
            />
          )}
        </FieldRow>
        <Button type="submit" leftSection={<IconPhoneOutgoing size={15} aria-hidden />} data-testid={TEST_IDS.dialGo}>
          {t('call.dialTo.call')}
        </Button>
      </form>
    </BarPopover>
  );
}
