import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { CardView } from './CardView.tsx';
import classes from './CitizenPanel.module.css';
import { useOpenTicket } from './open-ticket.ts';

interface PersonPaneProps {
  readonly uid: string;
  readonly onClose: () => void;
  /** Shows one ticket in the place of the person. */
  readonly renderTicket: (uid: string, onClose: () => void) => ReactNode;
}

/** One person beside a list: the same card as at a ring. */
export function PersonPane({ uid, onClose, renderTicket }: PersonPaneProps) {
  const { t } = useTranslation();
  const rootRef = useRef<HTMLElement>(null);
  const ticket = useOpenTicket(rootRef);
  const { data, failure } = useLiveQuery(
    ['citizens', 'tickets', 'calls', 'session'],
    () => dataClient.citizens.get({ uid }),
    [uid],
  );
  useAction('app.back', ticket.close, ticket.uid !== null);
  if (ticket.uid !== null) return renderTicket(ticket.uid, ticket.close);
  return (
    <section ref={rootRef} className={classes.panel} aria-label={t('citizen.label')} data-testid={TEST_IDS.citizenPane}>
      <ActionIcon
        className={classes.close ?? ''}
        variant="subtle"
        color="gray"
        aria-label={t('app.close')}
        title={t('app.close')}
        onClick={onClose}
      >
        <IconX size={16} aria-hidden />
      </ActionIcon>
      <CardView ani="" card={data ?? null} failure={failure} onOpen={ticket.open} />
    </section>
  );
}
