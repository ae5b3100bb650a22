import { Button } from '@mantine/core';
import { IconCircleCheck, IconHourglassLow } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { DueText } from '#renderer/terms/DueText.tsx';
import { formatDue } from '#renderer/terms/format-due.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { formatMinute } from '#renderer/ui/format-time.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { OverlayKind } from '#shared/domain/overlay/overlay-step.ts';
import type { HeldReview, Measure, OpenReview } from '#shared/domain/overlay/oversight.ts';
import type { Ownership } from '#shared/domain/overlay/ownership.ts';
import classes from '../TicketDetail.module.css';
import own from './Oversight.module.css';

/** 权属不清: which unit acts, and how far the two stages of its closure have come. */
export function OwnershipFacts({ ownership }: { readonly ownership: Ownership }) {
  const { t } = useTranslation();
  const { since, byName, unit, safeAt, owner } = ownership;
  return (
    <dl className={classes.fields} data-testid={TEST_IDS.ticketOwnership}>
      <dt>{t('oversight.acting')}</dt>
      <dd>
        {t('oversight.actingLine', { unit })}
        <br />
        {t('oversight.since', { time: formatMinute(since), name: byName })}
      </dd>
      <dt>{t('oversight.step.made_safe')}</dt>
      <dd>
        <StageTag stage="make_safe" isDone={safeAt !== null} /> {safeAt !== null && <TimeText at={safeAt} />}
      </dd>
      <dt>{t('oversight.step.owned')}</dt>
      <dd>
        <StageTag stage="own" isDone={owner !== null} /> {owner ? `${owner.unit} ` : t('oversight.ownerOpen')}
        {owner && <TimeText at={owner.at} />}
      </dd>
    </dl>
  );
}

function StageTag({ stage, isDone }: { readonly stage: 'make_safe' | 'own'; readonly isDone: boolean }) {
  const { t } = useTranslation();
  const Icon = isDone ? IconCircleCheck : IconHourglassLow;
  return (
    <StatusTag
      tone={isDone ? 'good' : 'warn'}
      icon={<Icon size={13} aria-hidden />}
      title={isDone ? '' : t(`oversight.stageHint.${stage}`)}
      testId={TEST_IDS.ticketStage(stage)}
    >
      {t(isDone ? `oversight.stageDone.${stage}` : `oversight.stage.${stage}`)}
    </StatusTag>
  );
}

/** A 联席研判 that was opened: when, who sits, and about what. */
export function OpenedReview({ review }: { readonly review: OpenReview }) {
  const { t } = useTranslation();
  const { plannedAt, members, text, byName } = review;
  return (
    <div className={own.item} data-testid={TEST_IDS.ticketOpenReview}>
      <div className={own.meta}>
        <StatusTag tone="warn" icon={<IconHourglassLow size={13} aria-hidden />}>
          {t('oversight.reviewOpen')}
        </StatusTag>
        <span>{t('oversight.planned', { time: formatMinute(plannedAt) })}</span>
        <span>{members.join(t('intake.comma'))}</span>
      </div>
      <p className={classes.text}>{t('oversight.log', { name: byName, text })}</p>
    </div>
  );
}

/** Records of 联席研判. */
export function ReviewList({ reviews }: { readonly reviews: readonly HeldReview[] }) {
  const { t } = useTranslation();
  if (reviews.length === 0) return null;
  return (
    <>
      <h3>{t('oversight.reviews')}</h3>
      <ul className={own.list} data-testid={TEST_IDS.ticketReviews}>
        {reviews.map(({ id, text, review: { members, heldAt, decision, owner } }) => (
          <li key={id} className={own.item} data-done>
            <div className={own.meta}>
              <TimeText at={heldAt} />
              <span>{members.join(t('intake.comma'))}</span>
            </div>
            <p className={classes.text}>{decision}</p>
            {owner !== null && <p className={classes.text}>{t('oversight.ownerLine', { unit: owner })}</p>}
            {text !== '' && <p className={classes.text}>{t('oversight.minutes', { text })}</p>}
          </li>
        ))}
      </ul>
    </>
  );
}

interface MeasureListProps {
  readonly measures: readonly Measure[];
  readonly may: readonly OverlayKind[];
  readonly onDone: (measure: Measure) => void;
}

/** Measures that follow, each with its day. */
export function MeasureList({ measures, may, onDone }: MeasureListProps) {
  const { t } = useTranslation();
  if (measures.length === 0) return null;
  return (
    <>
      <h3>{t('oversight.measures')}</h3>
      <ul className={own.list} data-testid={TEST_IDS.ticketMeasures}>
        {measures.map((measure) => {
          const { id, unit, text, dueAt, done } = measure;
          return (
            <li key={id} className={own.item} data-done={done !== null}>
              <p className={classes.text}>{t('oversight.measureLine', { unit, text })}</p>
              <div className={own.meta}>
                <span>{t('clock.by', { time: formatDue(dueAt) })}</span>
                {done ? (
                  <StatusTag tone="good" icon={<IconCircleCheck size={13} aria-hidden />}>
                    {t('oversight.finished')}
                  </StatusTag>
                ) : (
                  <DueText at={dueAt} />
                )}
                {done && <TimeText at={done.at} />}
                {!done && may.includes('measure_done') && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => onDone(measure)}
                    data-testid={TEST_IDS.measureDone(id)}
                  >
                    {t('oversight.name.measure_done')}
                  </Button>
                )}
              </div>
              {done && done.text !== '' && <p className={classes.text}>{done.text}</p>}
            </li>
          );
        })}
      </ul>
    </>
  );
}
