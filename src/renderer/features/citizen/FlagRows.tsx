import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isImeEvent } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { CannedTextInput } from '#renderer/terms/CannedTextInput.tsx';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { clock } from '#renderer/ui/now.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import { CITIZEN_FLAGS, type CitizenFlag } from '#shared/domain/citizen.ts';
import classes from './PersonEditor.module.css';
import type { NewFlag } from './person-form.ts';

interface FlagRowsProps {
  readonly flags: readonly CitizenFlag[];
  readonly added: readonly NewFlag[];
  /** What is written for the next one. */
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onRemove: (id: CitizenFlag['id']) => void;
  readonly onAdded: (flags: readonly NewFlag[]) => void;
}

/** Most characters of what a flag says. */
const FLAG_TEXT_MAX = 200;
const DAY_MS = 86_400_000;
/** How long a flag is shown, in days; null = until somebody takes it off. */
const SPANS = { month: 30, quarter: 91, year: 365, forever: null } as const;
type Span = keyof typeof SPANS;
const SPAN_NAMES = Object.keys(SPANS) as Span[];

/** Standing marks on a person, each with its end: a mark nobody takes off must not follow somebody for ever unnoticed. */
export function FlagRows({ flags, added, text, onText, onRemove, onAdded }: FlagRowsProps) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<CitizenFlag['kind'] | null>(null);
  const rootRef = useRef<HTMLDivElement>(null);
  const [span, setSpan] = useState<Span>('quarter');
  const problem = useTextProblem()(text, FLAG_TEXT_MAX);
  const add = () => {
    if (kind === null || problem !== null) return;
    // What is pressed here goes away: the focus returns to the kind that was chosen.
    rootRef.current?.querySelector<HTMLElement>('input:checked')?.focus();
    const days = SPANS[span];
    onAdded([...added, { kind, text: text.trim(), until: days === null ? null : clock.now() + days * DAY_MS }]);
    setKind(null);
    onText('');
  };
  const removeAt = (button: HTMLElement, remove: () => void) => {
    const buttons = [...(rootRef.current?.querySelectorAll<HTMLElement>('[data-flag-remove]') ?? [])];
    const at = buttons.indexOf(button);
    const next = buttons[at + 1] ?? buttons[at - 1] ?? rootRef.current?.querySelector<HTMLElement>('input');
    next?.focus();
    remove();
  };
  const row = (key: string, flag: NewFlag, remove: () => void) => (
    <div key={key} className={classes.row}>
      <StatusTag tone={flag.kind === 'care' ? 'warn' : 'bad'}>{t(`citizen.flag.kind.${flag.kind}`)}</StatusTag>
      <span className={classes.grow}>{flag.text}</span>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={t('citizen.flag.remove')}
        title={t('citizen.flag.remove')}
        onClick={(event) => removeAt(event.currentTarget, remove)}
        data-flag-remove
      >
        <IconX size={14} aria-hidden />
      </ActionIcon>
    </div>
  );
  return (
    <div ref={rootRef} className={classes.rows}>
      {flags.map((flag) => row(flag.id, flag, () => onRemove(flag.id)))}
      {added.map((flag, index) =>
        row(`${flag.kind}-${flag.text}-${flag.until}`, flag, () => onAdded(added.filter((_, i) => i !== index))),
      )}
      <ChoiceGroup
        label={t('citizen.flag.add')}
        choices={CITIZEN_FLAGS.map((value) => ({ value, label: t(`citizen.flag.kind.${value}`) }))}
        value={kind}
        onChange={setKind}
        testId={TEST_IDS.personFlag}
      />
      {kind !== null && (
        <>
          <div className={classes.row}>
            <CannedTextInput
              prefer="note"
              className={classes.grow ?? ''}
              aria-label={t('citizen.flag.text')}
              placeholder={t('citizen.flag.text')}
              value={text}
              error={problem}
              autoComplete="off"
              onText={onText}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || isImeEvent(event.nativeEvent)) return;
                // Elsewhere Enter saves; here it adds.
                event.preventDefault();
                add();
              }}
              data-testid={TEST_IDS.personFlagText}
            />
            <Button variant="default" disabled={problem !== null} onClick={add} data-testid={TEST_IDS.personFlagAdd}>
              {t('citizen.flag.add')}
            </Button>
          </div>
          <ChoiceGroup
            label={t('citizen.flag.span.label')}
            choices={SPAN_NAMES.map((value) => ({ value, label: t(`citizen.flag.span.${value}`) }))}
            value={span}
            onChange={setSpan}
            testId={TEST_IDS.personFlagSpan}
          />
        </>
      )}
    </div>
  );
}
