import { IconUserSearch } from '@tabler/icons-react';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { CardView } from './CardView.tsx';
import classes from './CitizenPanel.module.css';
import { useCallerCardStore, watchCaller } from './caller-card.store.ts';
import { useOpenTicket } from './open-ticket.ts';

interface CitizenPanelProps {
  /** Normalized number of the caller in sight, empty when withheld, null when there is nobody. */
  readonly phone: string | null;
  /** False while another page is shown. */
  readonly isActive: boolean;
  /** Shows one ticket beside the form. */
  readonly renderTicket: (uid: string, onClose: () => void) => ReactNode;
}

/** Who calls and what they called about before, beside the form. */
export function CitizenPanel({ phone, isActive, renderTicket }: CitizenPanelProps) {
  const { t } = useTranslation();
  const rootRef = useRef<HTMLElement>(null);
  const { uid: openUid, open, close, forget } = useOpenTicket(rootRef);

  // With the picture, not some time after it: by then the next call may ring, and its card would be let go of.
  useLayoutEffect(() => {
    void watchCaller(phone ?? '');
    forget();
  }, [phone, forget]);

  useAction('app.back', close, isActive && openUid !== null);
  useAction('focus.citizen', () => {
    rootRef.current?.querySelector<HTMLElement>('button, textarea, [tabindex="0"]')?.focus();
  });

  return (
    <section
      ref={rootRef}
      className={classes.panel}
      aria-label={t('citizen.label')}
      data-testid={TEST_IDS.citizenPanel}
    >
      {openUid !== null ? renderTicket(openUid, close) : <CallerView phone={phone} onOpen={open} />}
    </section>
  );
}

interface CallerViewProps {
  readonly phone: string | null;
  readonly onOpen: (uid: string) => void;
}

function CallerView({ phone, onOpen }: CallerViewProps) {
  const { t } = useTranslation();
  const { card, failure, phone: shown } = useCallerCardStore();
  if (phone === null) {
    return (
      <EmptyState
        icon={<IconUserSearch size={36} stroke={1.4} />}
        title={t('citizen.noCall.title')}
        text={t('citizen.noCall.text')}
      />
    );
  }
  if (phone === '') {
    return (
      <div className={classes.head}>
        <h2 className={classes.name} data-testid={TEST_IDS.citizenName}>
          {t('call.withheld')}
        </h2>
        <p className={classes.sub}>{t('citizen.withheld')}</p>
      </div>
    );
  }
  return <CardView ani={phone} card={shown === phone ? card : null} failure={failure} onOpen={onOpen} />;
}
