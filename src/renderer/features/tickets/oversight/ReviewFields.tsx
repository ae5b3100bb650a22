import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { TextLine } from '#renderer/terms/TextLine.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { clock } from '#renderer/ui/now.ts';
import {
  MOST_MEMBERS,
  REVIEW_MEMBERS,
  type ReviewRecord,
  reviewRecordSchema,
} from '#shared/domain/overlay/review-record.ts';
import { UnitPicker } from '../decide/UnitPicker.tsx';
import { type Moment, MomentField, useMoment } from './MomentField.tsx';
import own from './Oversight.module.css';
import { readUnits } from './read-units.ts';
import { useNamesProblem } from './use-names-problem.ts';

/** Most characters of the names of those who sit beside the usual offices, and of a decision. */
const OTHERS_MAX = 600;
const DECISION_MAX = 2_000;

/** Who sits, while it is written. */
interface WrittenMembers {
  readonly members: readonly string[];
  readonly others: string;
  readonly set: (part: Partial<Pick<WrittenMembers, 'members' | 'others'>>) => void;
}

/** Usual offices are ticked, others written. */
function splitMembers(all: readonly string[]): Pick<WrittenMembers, 'members' | 'others'> {
  const isUsual = (name: string) => REVIEW_MEMBERS.includes(name);
  return { members: all.filter(isUsual), others: all.filter((name) => !isUsual(name)).join('、') };
}

/** @param begin who was asked before */
export function useWrittenMembers(begin: readonly string[] = []): WrittenMembers {
  const [written, setWritten] = useState(() => splitMembers(begin));
  return { ...written, set: (part) => setWritten((before) => ({ ...before, ...part })) };
}

/** Those who sit as it is written so far. */
export function readMembers({ members, others }: Pick<WrittenMembers, 'members' | 'others'>): readonly string[] {
  return [...new Set([...members, ...readUnits(others)])];
}

/** Offices that usually sit, and others by their names. */
export function MemberFields({ written }: { readonly written: WrittenMembers }) {
  const { t } = useTranslation();
  const { members, others, set } = written;
  const namesProblem = useNamesProblem();
  const toggle = (member: string, isIn: boolean) =>
    set({ members: isIn ? [...members, member] : members.filter((one) => one !== member) });
  return (
    <>
      <FieldRow label={t('oversight.members')} group>
        {({ labelId }) => (
          <fieldset className={own.members} aria-labelledby={labelId}>
            {REVIEW_MEMBERS.map((member) => (
              <Checkbox
                key={member}
                size="sm"
                label={member}
                checked={members.includes(member)}
                onChange={(event) => toggle(member, event.currentTarget.checked)}
                data-testid={TEST_IDS.overlayField(`member-${member}`)}
              />
            ))}
          </fieldset>
        )}
      </FieldRow>
      <TextLine
        label={t('oversight.otherMembers')}
        help={t('oversight.otherMembersHint')}
        value={others}
        max={OTHERS_MAX}
        problem={namesProblem(others, MOST_MEMBERS - members.length)}
        onText={(typed) => set({ others: typed })}
        testId={TEST_IDS.overlayField('others')}
      />
    </>
  );
}

/** A record of a 联席研判 while it is written. */
export interface WrittenReview {
  readonly members: readonly string[];
  readonly others: string;
  readonly decision: string;
  readonly owner: string;
  readonly held: Moment;
  readonly isUnitOpen: boolean;
  readonly set: (
    part: Partial<Pick<WrittenReview, 'members' | 'others' | 'decision' | 'owner' | 'isUnitOpen'>>,
  ) => void;
}

/** @param begin who was asked to sit */
export function useWrittenReview(begin: readonly string[] = []): WrittenReview {
  const held = useMoment(() => clock.now());
  const [written, setWritten] = useState(() => ({
    ...splitMembers(begin),
    decision: '',
    owner: '',
    isUnitOpen: false,
  }));
  return { ...written, held, set: (part) => setWritten((before) => ({ ...before, ...part })) };
}

/** The record as it is written so far: `none` when nobody began one, null while something of it is missing. */
export function readReview(review: WrittenReview): ReviewRecord | 'none' | null {
  const { decision, owner, held, isUnitOpen } = review;
  const all = [...readMembers(review)];
  if (all.length === 0 && decision.trim() === '' && owner.trim() === '') return 'none';
  if (isUnitOpen || held.at === null) return null;
  const record = { members: all, heldAt: held.at, decision: decision.trim(), owner: owner.trim() || null };
  return reviewRecordSchema.safeParse(record).data ?? null;
}

/** Who sat, when, what was decided and whose it is. */
export function ReviewFields({ review }: { readonly review: WrittenReview }) {
  const { t } = useTranslation();
  const { decision, owner, held, set } = review;
  return (
    <>
      <MemberFields written={review} />
      <MomentField
        label={t('oversight.heldAt')}
        placeholder={t('oversight.safeAtHint')}
        moment={held}
        testId={TEST_IDS.overlayField('held')}
      />
      <TextLine
        label={t('oversight.decision')}
        value={decision}
        max={DECISION_MAX}
        onText={(typed) => set({ decision: typed })}
        testId={TEST_IDS.overlayField('decision')}
      />
      <FieldRow label={t('oversight.owner')} help={t('oversight.ownerHint')}>
        {(control) => (
          <UnitPicker
            control={control}
            value={owner}
            placeholder={t('tickets.decide.unitHint')}
            isFirst={false}
            onChange={(name) => set({ owner: name ?? '' })}
            onOpen={(isUnitOpen) => set({ isUnitOpen })}
            testId={TEST_IDS.overlayField('owner')}
          />
        )}
      </FieldRow>
    </>
  );
}
