import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallFailure } from '#renderer/platform/call-error.ts';
import { useRevealStore } from '#renderer/platform/reveal.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useMayHaveOlder } from '#renderer/terms/coverage.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { MaskBar } from '#renderer/terms/MaskBar.tsx';
import { CheckGroup } from '#renderer/ui/CheckGroup.tsx';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import type { CallerCard } from '#shared/contract/citizen.contract.ts';
import { TIMELINE_KINDS, type TimelineKind } from '#shared/contract/citizen.contract.ts';
import { CardActions } from './CardActions.tsx';
import { CardFacts } from './CardFacts.tsx';
import { CardIdentity } from './CardIdentity.tsx';
import { CardWarnings } from './CardWarnings.tsx';
import classes from './CitizenPanel.module.css';
import { HistoryList } from './HistoryList.tsx';
import { OlderTickets } from './OlderTickets.tsx';
import { Timeline } from './Timeline.tsx';
import { useOlder } from './use-older.ts';

interface CardViewProps {
  /** The number somebody calls from, empty for somebody looked up in a list. */
  readonly ani: string;
  /** Null while the answer is on its way. */
  readonly card: CallerCard | null;
  readonly failure: CallFailure | null;
  readonly onOpen: (uid: string) => void;
}

type View = 'tickets' | 'timeline';

/**
 * 诉求人 360: who somebody is, what has to be known before the first word, what is open, and what they called about before. All of the
 * first screen comes with one answer and is drawn in one frame; the timeline is asked for when it is looked at.
 */
export function CardView({ ani, card: answered, failure, onOpen }: CardViewProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const mayHaveOlder = useMayHaveOlder();
  const older = useOlder(ani, answered);
  const [view, setView] = useState<View>('tickets');
  const [kinds, setKinds] = useState<readonly TimelineKind[]>(TIMELINE_KINDS);
  const look = useRevealStore((state) => state.looks.get(answered?.citizen?.uid ?? ''));
  const card = answered && { ...answered, citizen: look?.citizen ?? answered.citizen };
  const phone = look?.field === 'phone' ? (card?.citizen?.fields.phones[0] ?? ani) : ani || (card?.phone ?? '');
  const hasHistory = card !== null && (card.tickets.length > 0 || card.open.length > 0 || card.totals.calls > 0);
  return (
    <div className={classes.scroll}>
      <div className={classes.head}>
        <div className={classes.identity}>
          <CardIdentity phone={phone} citizen={card?.citizen ?? null} unconfirmed={card?.unconfirmed ?? false} />
          {card && <CardActions card={card} ani={ani} isAsking={older?.isArriving === true && older.isAsking} />}
        </div>
        {card?.masked && card.citizen && (
          <MaskBar subject="citizen" uid={card.citizen.uid} fields={['phone', 'name', 'form']} />
        )}
        {failure && <p className={classes.sub}>{t('citizen.failed', { reason: failureText(failure) })}</p>}
        {card && <CardFacts card={card} />}
        {older?.isArriving && <OlderTickets older={older} />}
        {card && <CardWarnings card={card} onOpen={onOpen} />}
      </div>
      {card && hasHistory && (
        <>
          <div className={classes.listHead}>
            <ChoiceGroup
              label={t('citizen.view.label')}
              choices={[
                { value: 'tickets', label: t('citizen.history') },
                { value: 'timeline', label: t('citizen.view.timeline') },
              ]}
              value={view}
              onChange={setView}
              testId={TEST_IDS.citizenView}
            />
            {view === 'timeline' && (
              <CheckGroup
                label={t('citizen.view.kinds')}
                checks={TIMELINE_KINDS.map((kind) => ({ value: kind, label: t(`citizen.timeline.${kind}`) }))}
                values={kinds}
                // Nothing at all is never wanted: the last one stays.
                onChange={(chosen) => chosen.length > 0 && setKinds(chosen)}
                testId={TEST_IDS.citizenTimelineKind}
              />
            )}
          </div>
          {view === 'tickets' ? (
            <HistoryList card={card} onOpen={onOpen} />
          ) : (
            <Timeline uid={card.citizen?.uid ?? null} phone={ani} kinds={kinds} onOpen={onOpen} />
          )}
        </>
      )}
      {card && !hasHistory && card.citizen && (
        <p className={classes.empty}>{t(mayHaveOlder ? 'coverage.person.none' : 'citizen.noTickets')}</p>
      )}
      {older && !older.isArriving && <OlderTickets older={older} />}
    </div>
  );
}
