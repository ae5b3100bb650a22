import { Button, Popover, TextInput } from '@mantine/core';
import { IconPhoneCalling } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { usePhoneStore } from '#renderer/platform/phone-client.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { LINES, type Line } from '#shared/domain/roles.ts';
import { LIMITS } from '#shared/domain/ticket.ts';
import { usePhoneCommand } from './agent-actions.ts';
import { pickDemoCaller } from './demo-callers.ts';
import classes from './SimulateMenu.module.css';

/** Demo only: lets somebody ring, a random person of the demo city or a typed number. */
export function SimulateMenu() {
  const { t } = useTranslation();
  const { phone } = usePhoneStore();
  const send = usePhoneCommand();
  const [opened, setOpened] = useState(false);
  const [number, setNumber] = useState('');
  const [name, setName] = useState('');
  const [line, setLine] = useState<Line>('12345');
  useAction('app.back', () => setOpened(false), opened);
  const { agent, call } = phone;
  const canRing = agent.kind === 'ready' && !call;

  const ring = async (caller: { readonly ani: string; readonly name: string; readonly line: Line }) => {
    // Out of the way before it rings, and back with what was typed when it did not.
    setOpened(false);
    if (!(await send({ kind: 'simulate-ring', ...caller }))) setOpened(true);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (canRing) void ring({ ani: number.trim(), name: name.trim(), line });
  };

  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={340}
      trapFocus
      returnFocus
      closeOnEscape={false}
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconPhoneCalling size={15} aria-hidden />}
          onClick={() => setOpened(!opened)}
          data-testid={TEST_IDS.simulateOpen}
        >
          {t('call.simulate.open')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('call.simulate.title')}>
        <form className={classes.form} onSubmit={onSubmit}>
          {call ? (
            <Button
              variant="default"
              onClick={() => {
                void send({ kind: 'simulate-hangup', callId: call.callId });
                setOpened(false);
              }}
              data-testid={TEST_IDS.simulateCitizenHangup}
            >
              {t('call.simulate.citizenHangup')}
            </Button>
          ) : (
            <>
              {!canRing && <p className={classes.note}>{t('call.simulate.notReady')}</p>}
              <Button
                disabled={!canRing}
                onClick={() => void pickDemoCaller().then(ring)}
                data-testid={TEST_IDS.simulateRandom}
                data-autofocus
              >
                {t('call.simulate.random')}
              </Button>
              <FieldRow label={t('call.simulate.number')}>
                {(control) => (
                  <TextInput
                    id={control.id}
                    value={number}
                    maxLength={LIMITS.phone}
                    placeholder={t('call.simulate.numberHint')}
                    autoComplete="off"
                    onChange={(event) => setNumber(event.currentTarget.value)}
                    data-testid={TEST_IDS.simulateNumber}
                  />
                )}
              </FieldRow>
              <FieldRow label={t('call.simulate.name')}>
                {(control) => (
                  <TextInput
                    id={control.id}
                    value={name}
                    maxLength={LIMITS.name}
                    autoComplete="off"
                    onChange={(event) => setName(event.currentTarget.value)}
                    data-testid={TEST_IDS.simulateName}
                  />
                )}
              </FieldRow>
              <FieldRow group label={t('call.simulate.line')}>
                {(control) => (
                  <ChoiceGroup
                    control={control}
                    choices={LINES.map((value) => ({ value, label: value }))}
                    value={line}
                    onChange={setLine}
                    testId="simulate-line"
                  />
                )}
              </FieldRow>
              <Button type="submit" variant="default" disabled={!canRing} data-testid={TEST_IDS.simulateRing}>
                {t('call.simulate.ring')}
              </Button>
            </>
          )}
          <p className={classes.note}>{t('call.simulate.hint')}</p>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
