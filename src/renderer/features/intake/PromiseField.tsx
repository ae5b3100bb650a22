import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { DateTimeField } from '#renderer/terms/DateTimeField.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { clock } from '#renderer/ui/now.ts';
import type { IntakeContent } from '#shared/domain/intake.ts';
import { parseDue } from '#shared/domain/promise.ts';
import type { FormPart } from './form-part.ts';
import { useProblemTexts } from './intake-problems.ts';
import { withWords } from './promise-due.ts';
import { ShortTextField } from './ShortTextField.tsx';

const NOTHING: NonNullable<IntakeContent['promise']> = { text: '', dueAt: null, byName: '' };

/** 承诺: what the citizen was told that will be done, and until when; the words name the time, or it is typed beside them. */
export function PromiseField({ content, change, problems, disabled }: FormPart) {
  const { t } = useTranslation();
  const texts = useProblemTexts();
  const [isDueTyped, setDueTyped] = useState(false);
  const promise = content.promise ?? NOTHING;
  const write = (next: typeof promise) => change({ promise: next.text === '' ? null : next });
  /** The due time the words name; one beside it was typed. */
  const named = useRef(parseDue(promise.text, clock.now()));
  // Half a time cannot be read yet; it is said when the field is left, or after somebody tried to submit.
  const unreadable: FormPart['problems'] =
    promise.dueText && !isDueTyped ? [...problems, { field: 'promiseDue', code: 'UNREADABLE_TIME' }] : problems;
  return (
    <>
      <FieldRow
        label={t('intake.field.promise')}
        error={texts.error(problems, 'promise')}
        help={promise.byName === '' ? null : t('intake.promiseBy', { name: promise.byName })}
        errorTestId={TEST_IDS.intakeFieldError('promise')}
      >
        {(control) => (
          <ShortTextField
            control={control}
            value={promise.text}
            onChange={(text) => {
              const now = clock.now();
              write(withWords(promise, text, named.current, now));
              named.current = parseDue(text, now);
            }}
            placeholder={t('intake.hint.promise')}
            disabled={disabled}
            testId={TEST_IDS.intakePromise}
          />
        )}
      </FieldRow>
      {promise.text !== '' && (
        <FieldRow
          label={t('intake.field.promiseDue')}
          error={texts.error(unreadable, 'promiseDue')}
          errorTestId={TEST_IDS.intakeFieldError('promiseDue')}
        >
          {(control) => (
            <DateTimeField
              control={control}
              value={promise.dueAt}
              unreadable={promise.dueText ?? ''}
              onChange={(dueAt, text) => write({ ...promise, dueAt, dueText: text === '' ? undefined : text })}
              onTyping={setDueTyped}
              parse={parseDue}
              placeholder={t('intake.hint.promiseDue')}
              disabled={disabled}
              testId={TEST_IDS.intakePromiseDue}
            />
          )}
        </FieldRow>
      )}
    </>
  );
}
