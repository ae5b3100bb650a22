import { ActionIcon, Button, CloseButton } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { CannedTextArea } from '#renderer/terms/CannedTextArea.tsx';
import { CannedTextInput } from '#renderer/terms/CannedTextInput.tsx';
import { useCategoryLevelNames } from '#renderer/terms/reference-text.tsx';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
import { type FieldControl, FieldRow } from '#renderer/ui/FieldRow.tsx';
import {
  type ArticleForm,
  type ArticleFormField,
  type ArticleFormProblem,
  readDay,
} from '#shared/domain/article-form.ts';
import { SECTION_KINDS, type SectionKind } from '#shared/domain/knowledge.ts';
import { LIMITS } from '#shared/domain/ticket.ts';
import classes from './Knowledge.module.css';
import { CategoryPicker } from './KnowledgeFilters.tsx';

interface ArticleFormFieldsProps {
  readonly form: ArticleForm;
  readonly problems: readonly ArticleFormProblem[];
  readonly disabled: boolean;
  readonly onChange: (patch: Partial<ArticleForm>) => void;
}

function isSection(field: ArticleFormField): field is SectionKind {
  return SECTION_KINDS.some((kind) => kind === field);
}

/** Names the fields of the form. */
export function useFieldLabel(): (field: ArticleFormField) => string {
  const { t } = useTranslation();
  return (field) => (isSection(field) ? t(`knowledge.section.${field}`) : t(`knowledge.edit.field.${field}`));
}

/** The fields of an article, in the order in which it is read. */
export function ArticleFormFields({ form, problems, disabled, onChange }: ArticleFormFieldsProps) {
  const { t } = useTranslation();
  const labelOf = useFieldLabel();
  const error = (field: ArticleFormField) => {
    const problem = problems.find((one) => one.field === field);
    return problem ? t(`knowledge.edit.problem.${problem.code}`, { field: labelOf(field) }) : null;
  };
  const row = (field: ArticleFormField, isRequired = false) => ({
    label: labelOf(field),
    required: isRequired ? t('intake.required') : null,
    error: error(field),
    errorTestId: TEST_IDS.articleFieldError(field),
  });
  const area = (
    control: FieldControl,
    field: ArticleFormField,
    value: string,
    hint: string,
    take: (text: string) => void,
  ) => (
    <CannedTextArea
      id={control.id}
      error={control.invalid}
      aria-describedby={control.describedBy}
      value={value}
      placeholder={hint}
      disabled={disabled}
      spellCheck={false}
      onText={take}
      prefer="answer"
      data-testid={TEST_IDS.articleField(field)}
    />
  );
  const long = (field: 'questions' | 'answer' | 'changeNote', hint: string, isRequired = false) => (
    <FieldRow {...row(field, isRequired)}>
      {(control) => area(control, field, form[field], hint, (text) => onChange({ [field]: text }))}
    </FieldRow>
  );
  const short = (field: 'title' | 'validFrom' | 'validTo' | 'keywords', hint: string, isRequired = false) => (
    <FieldRow {...row(field, isRequired)}>
      {(control) => (
        <CannedTextInput
          id={control.id}
          error={control.invalid}
          aria-describedby={control.describedBy}
          value={form[field]}
          placeholder={hint}
          disabled={disabled}
          autoComplete="off"
          spellCheck={false}
          onText={(text) => onChange({ [field]: text })}
          prefer="word"
          data-testid={TEST_IDS.articleField(field)}
        />
      )}
    </FieldRow>
  );
  return (
    <div className={classes.form}>
      {short('title', '', true)}
      <FieldRow {...row('categoryCodes', true)}>
        {(control) => (
          <CategoryCodes
            control={control}
            codes={form.categoryCodes}
            disabled={disabled}
            onChange={(categoryCodes) => onChange({ categoryCodes })}
          />
        )}
      </FieldRow>
      {long('answer', t('knowledge.edit.hint.answer'), true)}
      {long('questions', t('knowledge.edit.hint.questions'))}
      {SECTION_KINDS.map((kind) => (
        <FieldRow key={kind} {...row(kind)}>
          {(control) =>
            area(control, kind, form.sections[kind], t('knowledge.edit.hint.lines'), (text) =>
              onChange({ sections: { ...form.sections, [kind]: text } }),
            )
          }
        </FieldRow>
      ))}
      <FieldRow group {...row('sources', true)}>
        {() => <Sources sources={form.sources} disabled={disabled} onChange={(sources) => onChange({ sources })} />}
      </FieldRow>
      {short('validFrom', t('knowledge.edit.hint.validFrom'))}
      {short('validTo', t('knowledge.edit.hint.validTo'))}
      {short('keywords', t('knowledge.edit.hint.keywords'))}
      {long('changeNote', t('knowledge.edit.hint.changeNote'))}
    </div>
  );
}

interface CategoryCodesProps {
  readonly control: FieldControl;
  readonly codes: readonly string[];
  readonly disabled: boolean;
  readonly onChange: (codes: string[]) => void;
}

function CategoryCodes({ control, codes, disabled, onChange }: CategoryCodesProps) {
  const { t } = useTranslation();
  const namesOf = useCategoryLevelNames();
  return (
    <>
      {codes.length > 0 && (
        <div className={classes.chips}>
          {codes.map((code) => (
            <span key={code} className={classes.chip} title={namesOf(code).join(' / ')}>
              {namesOf(code).at(-1)}
              <CloseButton
                size="xs"
                disabled={disabled}
                aria-label={t('knowledge.edit.removeCategory', { name: namesOf(code).at(-1) ?? code })}
                onClick={() => onChange(codes.filter((one) => one !== code))}
              />
            </span>
          ))}
        </div>
      )}
      <CategoryPicker
        control={control}
        label={t('knowledge.edit.field.categoryCodes')}
        chosen={null}
        onPick={(code) => {
          if (code !== null && !codes.includes(code)) onChange([...codes, code]);
        }}
        placeholder={t('knowledge.edit.hint.categoryCodes')}
        testId={TEST_IDS.articleField('categoryCodes')}
      />
    </>
  );
}

type Source = ArticleForm['sources'][number];
const SOURCE_PARTS = ['title', 'number', 'issuer', 'date'] as const satisfies readonly (keyof Source)[];

interface SourcesProps {
  readonly sources: readonly Source[];
  readonly disabled: boolean;
  readonly onChange: (sources: Source[]) => void;
}

/** The documents an article rests on, one a line; an empty line is offered while there is none. */
function Sources({ sources, disabled, onChange }: SourcesProps) {
  const { t } = useTranslation();
  const textProblem = useTextProblem();
  /** Of several parts of several lines the one that is wrong is named. */
  const problemOf = (part: keyof Source, value: string) => {
    if (part !== 'date') return textProblem(value.trim(), part === 'title' ? LIMITS.address : LIMITS.name);
    return readDay(value) === undefined ? t('knowledge.edit.problem.BAD_DATE') : null;
  };
  const empty: Source = { title: '', number: '', issuer: '', date: '' };
  const lines = sources.length === 0 ? [empty] : sources;
  const change = (index: number, part: Partial<Source>) =>
    onChange(lines.map((line, at) => (at === index ? { ...line, ...part } : line)));
  return (
    <>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line has no identity but its place
        <div key={index} className={classes.source}>
          {SOURCE_PARTS.map((part) => (
            <CannedTextInput
              key={part}
              aria-label={`${t(`knowledge.edit.source.${part}`)} ${index + 1}`}
              placeholder={t(`knowledge.edit.source.${part}`)}
              value={line[part]}
              error={problemOf(part, line[part])}
              disabled={disabled}
              autoComplete="off"
              spellCheck={false}
              onText={(text) => change(index, { [part]: text })}
              prefer="word"
              data-testid={TEST_IDS.articleField(`source-${part}-${index}`)}
            />
          ))}
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={disabled || sources.length === 0}
            aria-label={t('knowledge.edit.removeSource', { count: index + 1 })}
            onClick={() => onChange(lines.filter((_, at) => at !== index))}
          >
            <IconTrash size={15} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPlus size={14} aria-hidden />}
        disabled={disabled || lines.length >= 30}
        onClick={() => onChange([...lines, empty])}
      >
        {t('knowledge.edit.addSource')}
      </Button>
    </>
  );
}
