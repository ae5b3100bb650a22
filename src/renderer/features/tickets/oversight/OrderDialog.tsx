import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useReferenceData } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { formatDue } from '#renderer/terms/format-due.ts';
import { TextLine } from '#renderer/terms/TextLine.tsx';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { clock } from '#renderer/ui/now.ts';
import type { ClockSpan } from '#shared/domain/clock/clock-preset.ts';
import { startRun } from '#shared/domain/clock/clock-run.ts';
import {
  ORDER_LEVELS,
  type OrderLevel,
  type OrderSource,
  type OverlayStep,
} from '#shared/domain/overlay/overlay-step.ts';
import { openOrdersOf } from '#shared/domain/overlay/oversight.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { unitNameSchema } from '#shared/domain/ticket-act.ts';
import { MomentField, useMoment } from './MomentField.tsx';
import { NamedUnitField, useNamedUnit } from './NamedUnitField.tsx';
import { OverlayDialog } from './OverlayDialog.tsx';
import { ScanField, useScan } from './ScanField.tsx';

/** Most characters of the name of whoever wrote a 批示. */
const AUTHOR_MAX = 60;

/** Times that an order is usually given. */
const LIMITS = {
  hours2: { value: 2, unit: 'hour' },
  hours24: { value: 24, unit: 'hour' },
  workdays1: { value: 1, unit: 'workday' },
  workdays3: { value: 3, unit: 'workday' },
  workdays5: { value: 5, unit: 'workday' },
  workdays10: { value: 10, unit: 'workday' },
  days30: { value: 30, unit: 'day' },
} as const satisfies Record<string, ClockSpan>;
type LimitName = keyof typeof LIMITS;
const LIMIT_NAMES = Object.keys(LIMITS) as LimitName[];

/** A 督办 goes down one level at a time: after 省 comes 市. */
function nextLevel(ticket: Ticket): OrderLevel {
  const levels = openOrdersOf(ticket.events).flatMap(({ source }) =>
    source.kind === 'supervision' ? [ORDER_LEVELS.indexOf(source.level)] : [],
  );
  return ORDER_LEVELS[Math.min(Math.max(0, ...levels) + 1, ORDER_LEVELS.length - 1)] ?? 'district';
}

/** A new 督办 or 批示: who wants it done, by which unit, in what time, and its text. */
export function OrderDialog({ ticket, onClose }: { readonly ticket: Ticket; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const data = useReferenceData();
  const [kind, setKind] = useState<OrderSource['kind']>('supervision');
  const [level, setLevel] = useState<OrderLevel>(() => nextLevel(ticket));
  const [author, setAuthor] = useState('');
  const written = useMoment(() => clock.now());
  const unit = useNamedUnit(ticket.unit ?? '');
  const scan = useScan(ticket.uid);
  const [limit, setLimit] = useState<LimitName>('workdays3');
  const source: OrderSource | null =
    kind === 'supervision'
      ? { kind, level }
      : unitNameSchema.safeParse(author).success && written.at !== null
        ? { kind, author: author.trim(), writtenAt: written.at }
        : null;
  const step: OverlayStep | null =
    source && unit.isGood && !scan.isStoring
      ? {
          step: 'order',
          source,
          unit: unit.name,
          limit: LIMITS[limit],
          ...(kind === 'instruction' && scan.sha256 !== null ? { scan: scan.sha256 } : {}),
        }
      : null;
  const run = data && startRun(clock.now(), LIMITS[limit], data.calendar);
  const until = run
    ? [
        t('oversight.limitUntil', { time: formatDue(run.dueAt) }),
        run.calendar === 'official' ? '' : t(`clock.calendar.${run.calendar}`),
      ]
    : [];
  return (
    <OverlayDialog uid={ticket.uid} kind="order" step={step} onClose={onClose}>
      <FieldRow label={t('oversight.kind.label')} group>
        {(control) => (
          <ChoiceGroup
            control={control}
            choices={(['supervision', 'instruction'] as const).map((value) => ({
              value,
              label: t(`oversight.kind.${value}`),
            }))}
            value={kind}
            onChange={setKind}
            testId={TEST_IDS.overlayField('kind')}
          />
        )}
      </FieldRow>
      {kind === 'supervision' ? (
        <FieldRow label={t('oversight.level.label')} group>
          {(control) => (
            <ChoiceGroup
              control={control}
              choices={ORDER_LEVELS.map((value) => ({ value, label: t(`oversight.level.${value}`) }))}
              value={level}
              onChange={setLevel}
              testId={TEST_IDS.overlayField('level')}
            />
          )}
        </FieldRow>
      ) : (
        <>
          <TextLine
            label={t('oversight.author')}
            value={author}
            max={AUTHOR_MAX}
            placeholder={t('oversight.authorHint')}
            onText={setAuthor}
            testId={TEST_IDS.overlayField('author')}
          />
          <MomentField
            label={t('oversight.writtenAt')}
            placeholder={t('oversight.safeAtHint')}
            moment={written}
            testId={TEST_IDS.overlayField('written')}
          />
          <ScanField uid={ticket.uid} scan={scan} />
        </>
      )}
      <NamedUnitField label={t('oversight.unit')} unit={unit} isFirst={false} />
      <FieldRow label={t('oversight.limit')} group help={until.filter((part) => part !== '').join(' ')}>
        {(control) => (
          <ChoiceGroup
            control={control}
            choices={LIMIT_NAMES.map((value) => ({
              value,
              label: t(`terms.span.${LIMITS[value].unit}`, { count: LIMITS[value].value }),
            }))}
            value={limit}
            onChange={setLimit}
            testId={TEST_IDS.overlayField('limit')}
          />
        )}
      </FieldRow>
    </OverlayDialog>
  );
}
