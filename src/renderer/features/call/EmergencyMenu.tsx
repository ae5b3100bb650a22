import { Menu } from '@mantine/core';
import { IconAmbulance, IconCarCrash, IconFiretruck, IconShieldExclamation, IconUrgent } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction, usePopoverKeys } from '#renderer/platform/actions.ts';
import { isImeEvent } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { usePhoneCommand } from '#renderer/terms/phone-command.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import { EMERGENCY_SERVICES, type HandOff } from '#shared/domain/ticket.ts';
import { BarButton } from './BarButton.tsx';
import type { CallCardProps } from './CallIdentity.tsx';

const ICONS = {
  '110': IconShieldExclamation,
  '119': IconFiretruck,
  '120': IconAmbulance,
  '122': IconCarCrash,
} as const;

/**
 * 110, 119, 120, 122: the key opens the list, one digit calls. Citizen, agent and service are connected at once; the hand-over is
 * written down by what the phone reports, not by this menu.
 */
export function EmergencyMenu({ call, isSmall = false }: Pick<CallCardProps, 'call'> & { readonly isSmall?: boolean }) {
  const { t } = useTranslation();
  const send = usePhoneCommand();
  const [opened, setOpened] = useState(false);
  useAction('call.emergency', () => setOpened(true));
  usePopoverKeys(opened, () => setOpened(false));

  const handOver = (service: HandOff['service']) => {
    setOpened(false);
    void send({ kind: 'add-party', callId: call.callId, to: { kind: 'service', service }, purpose: 'emergency' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isImeEvent(event.nativeEvent) || event.ctrlKey || event.altKey || event.metaKey) return;
    const service = /^[1-4]$/.test(event.key) ? EMERGENCY_SERVICES[Number(event.key) - 1] : undefined;
    if (!service) return;
    event.preventDefault();
    handOver(service);
  };

  return (
    <Menu
      withInitialFocusPlaceholder={false}
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={300}
      returnFocus
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <BarButton
          icon={IconUrgent}
          label={t('call.emergency')}
          action="call.emergency"
          narrow={isSmall ? 'bare' : 'no-key'}
          testId={TEST_IDS.callEmergency}
        />
      </Menu.Target>
      <Menu.Dropdown aria-label={t('call.handOff.title')} onKeyDown={onKeyDown} data-testid={TEST_IDS.emergencyMenu}>
        <Menu.Label>{t('call.handOff.pick')}</Menu.Label>
        {EMERGENCY_SERVICES.map((service, index) => {
          const Icon = ICONS[service];
          return (
            <Menu.Item
              key={service}
              leftSection={<Icon size={17} aria-hidden />}
              rightSection={<KeyHint keys={String(index + 1)} />}
              onClick={() => handOver(service)}
              data-testid={TEST_IDS.emergencyService(service)}
            >
              {t(`call.party.${service}`)}
            </Menu.Item>
          );
        })}
        <Menu.Label>{t('call.handOff.hint')}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  );
}
