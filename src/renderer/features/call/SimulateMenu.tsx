import { Button, Popover, TextInput } from '@mantine/core';
import { IconPhoneCalling } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePopoverKeys } from '#renderer/platform/actions.ts';
import { usePhoneStore } from '#renderer/platform/phone-client.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { usePhoneCommand } from '#renderer/terms/phone-command.ts';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { PEER_BEHAVIOURS, type TelCommand } from '#shared/domain/call-events.ts';
import { LINES, type Line } from '#shared/domain/roles.ts';
import { LIMITS } from '#shared/domain/ticket.ts';
import classes from './CallBar.module.css';
import { pickDemoCaller } from './demo-callers.ts';
import form from './SimulateMenu.module.css';

type Behaviour = Extract<TelCommand, { kind: 'simulate-peers' }>['behaviour'];

/** Demo only: the other ends of the line. Lets somebody ring or wait, hang up or give up, and says how called parties behave. */
export function SimulateMenu() {
  const { t } = useTranslation();
  const send = usePhoneCommand();
  const [opened, setOpened] = useState(false);
  const [behaviour, setBehaviour] = useState<Behaviour>('script');
  usePopoverKeys(opened, () => setOpened(false));
  const behave = (next: Behaviour) => {
    setBehaviour(next);
    void send({ kind: 'simulate-peers', behaviour: next });
  };
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={360}
      trapFocus
      returnFocus
      closeOnEscape={false}
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <Button
          variant="default"
          className={classes.simulate ?? ''}
          leftSection={<IconPhoneCalling size={15} aria-hidden />}
          title={t('call.simulate.open')}
          onClick={() => setOpened(!opened)}
          data-testid={TEST_IDS.simulateOpen}
        >
          <span className={classes.words}>{t('call.simulate.open')}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('call.simulate.title')}>
        <div className={form.form}>
          <RingForm setOpened={setOpened} />
          <OtherEnds onDone={() => setOpened(false)} />
          <FieldRow group label={t('call.simulate.peers')}>
            {(control) => (
              <ChoiceGroup
                control={control}
                choices={PEER_BEHAVIOURS.map((value) => ({ value, label: t(`call.simulate.peer.${value}`) }))}
                value={behaviour}
                onChange={behave}
                testId={TEST_IDS.simulatePeers}
              />
            )}
          </FieldRow>
          <p className={form.note}>{t('call.simulate.hint')}</p>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function RingForm({ setOpened }: { readonly setOpened: (opened: boolean) => void }) {
  const { t } = useTranslation();
  const textProblem = useTextProblem();
  const { phone } = usePhoneStore();
  const send = usePhoneCommand();
  const [number, setNumber] = useState('');
  const [name, setName] = useState('');
  const [line, setLine] = useState<Line>('12345');
  const { agent, call } = phone;
  const waits = agent.kind === 'on-call' || agent.kind === 'wrap-up' || call !== null;
  const canRing = agent.kind === 'ready' || waits;

  const ring = async (caller: { readonly ani: string; readonly name: string; readonly line: Line }) => {
    // Out of the way before it rings, and back with what was typed when it did not.
    setOpened(false);
    if (!(await send({ kind: 'simulate-ring', ...caller }))) setOpened(true);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const isSound = textProblem(number, LIMITS.phone) === null && textProblem(name, LIMITS.name) === null;
    if (canRing && isSound) void ring({ ani: number.trim(), name: name.trim(), line });
  };
  return (
    <form className={form.form} onSubmit={onSubmit}>
      {!canRing && <p className={form.note}>{t('call.simulate.notReady')}</p>}
      {waits && <p className={form.note}>{t('call.simulate.queues')}</p>}
      <Button
        disabled={!canRing}
        onClick={() => void pickDemoCaller().then(ring)}
        data-testid={TEST_IDS.simulateRandom}
        data-autofocus
      >
        {t('call.simulate.random')}
      </Button>
      <FieldRow label={t('call.simulate.number')} error={textProblem(number, LIMITS.phone)}>
        {(control) => (
          <TextInput
            id={control.id}
            value={number}
            error={control.invalid}
            aria-describedby={control.describedBy}
            placeholder={t('call.simulate.numberHint')}
            autoComplete="off"
            onChange={(event) => setNumber(event.currentTarget.value)}
            data-testid={TEST_IDS.simulateNumber}
          />
        )}
      </FieldRow>
      <FieldRow label={t('call.simulate.name')} error={textProblem(name, LIMITS.name)}>
        {(control) => (
          <TextInput
            id={control.id}
            value={name}
            error={control.invalid}
            aria-describedby={control.describedBy}
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
    </form>
  );
}

/** Who else can do something now: the citizen, the third party, whoever waits longest. */
function OtherEnds({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation();
  const send = usePhoneCommand();
  const { call, queue } = usePhoneStore(({ phone }) => phone);
  const ends = [
    ...(call ? [['citizenHangup', call, 'citizen', TEST_IDS.simulateCitizenHangup] as const] : []),
    ...(call?.leg ? [['thirdHangup', call, 'third', TEST_IDS.simulateThirdHangup] as const] : []),
    ...queue.slice(0, 1).map((waiting) => ['giveUp', waiting, 'citizen', TEST_IDS.simulateGiveUp] as const),
  ];
  return ends.map(([words, { callId }, who, testId]) => (
    <Button
      key={words}
      variant="default"
      onClick={() => {
        void send({ kind: 'simulate-hangup', callId, who });
        onDone();
      }}
      data-testid={testId}
    >
      {t(`call.simulate.${words}`)}
    </Button>
  ));
}
