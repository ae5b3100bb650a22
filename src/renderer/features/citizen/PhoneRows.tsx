import { ActionIcon, TextInput } from '@mantine/core';
import { IconArrowUp, IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isImeEvent } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
import { LIMITS } from '#shared/domain/ticket.ts';
import classes from './PersonEditor.module.css';
import { addPhones, isPhone, MOST_PHONES, type PhoneRow } from './person-form.ts';

interface PhoneRowsProps {
  readonly rows: readonly PhoneRow[];
  /** The number being typed. */
  readonly written: string;
  readonly onChange: (change: { readonly phones?: readonly PhoneRow[]; readonly written?: string }) => void;
}

/** The numbers of a person, the first one is called back. Enter adds one. */
export function PhoneRows({ rows, written, onChange }: PhoneRowsProps) {
  const { t } = useTranslation();
  const textProblem = useTextProblem()(written, LIMITS.phone);
  /** What may become a number with the next digit is called none only when the field is left. */
  const [wasLeft, setLeft] = useState(false);
  const isNone = wasLeft && written.trim() !== '' && !isPhone(written);
  const isFull = rows.length >= MOST_PHONES;
  const tooMany = isFull && written.trim() !== '' ? t('citizen.edit.tooManyPhones', { count: MOST_PHONES }) : null;
  const textOf = (row: PhoneRow) => (row.kind === 'kept' ? row.shown : row.written);
  const add = () => {
    setLeft(true);
    if (isPhone(written)) onChange(addPhones(rows, written));
  };
  return (
    <div className={classes.rows}>
      {rows.map((row, index) => (
        <div key={row.kind === 'kept' ? `kept-${row.place}` : `added-${row.written}`} className={classes.row}>
          <span className="selectable" data-testid={TEST_IDS.personPhone}>
            {textOf(row)}
          </span>
          {index === 0 ? (
            <span className={classes.note}>{t('citizen.edit.first')}</span>
          ) : (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={t('citizen.edit.makeFirst', { phone: textOf(row) })}
              title={t('citizen.edit.makeFirst', { phone: textOf(row) })}
              onClick={() => onChange({ phones: [row, ...rows.filter((other) => other !== row)] })}
            >
              <IconArrowUp size={14} aria-hidden />
            </ActionIcon>
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={t('citizen.edit.removePhone', { phone: textOf(row) })}
            title={t('citizen.edit.removePhone', { phone: textOf(row) })}
            onClick={() => onChange({ phones: rows.filter((other) => other !== row) })}
          >
            <IconX size={14} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      {(!isFull || written !== '') && (
        <div className={classes.row}>
          <TextInput
            w={260}
            aria-label={t('citizen.edit.addPhone')}
            placeholder={t('citizen.edit.addPhone')}
            value={written}
            error={textProblem ?? tooMany ?? (isNone && t('citizen.edit.noPhone'))}
            autoComplete="off"
            inputMode="tel"
            onChange={(event) => {
              setLeft(false);
              onChange({ written: event.currentTarget.value });
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || isImeEvent(event.nativeEvent) || written.trim() === '') return;
              // Enter in an empty field saves; here it adds.
              event.preventDefault();
              add();
            }}
            onBlur={add}
            data-testid={TEST_IDS.personAddPhone}
          />
          <ActionIcon
            variant="default"
            aria-label={t('citizen.edit.addPhone')}
            title={t('citizen.edit.addPhone')}
            disabled={isFull || !isPhone(written)}
            onClick={add}
          >
            <IconPlus size={14} aria-hidden />
          </ActionIcon>
        </div>
      )}
    </div>
  );
}
