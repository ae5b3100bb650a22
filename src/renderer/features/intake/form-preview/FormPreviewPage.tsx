import { Button } from '@mantine/core';
import { IconAlertCircle, IconCheck, IconFileSearch } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type FormLibrary, useForms } from '#renderer/platform/form-library.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useWords } from '#renderer/terms/form-text.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { Page } from '#renderer/ui/Page.tsx';
import type { CompiledForm } from '#shared/domain/form/compiled-form.ts';
import type { FormFault } from '#shared/domain/form/form-faults.ts';
import type { Role } from '#shared/domain/roles.ts';
import { FaultTable } from './FaultTable.tsx';
import classes from './FormPreviewPage.module.css';
import { FormTrial } from './FormTrial.tsx';
import { MAX_FORM_FILE, readFormText } from './read-form-file.ts';
import { Surroundings, startSurroundings } from './Surroundings.tsx';

/** What is looked at; `key` changes with every opening, so that a trial starts anew. */
type Shown =
  | { readonly kind: 'form'; readonly key: number; readonly form: CompiledForm; readonly file: string | null }
  | { readonly kind: 'faults'; readonly file: string; readonly text: string; readonly faults: readonly FormFault[] }
  | { readonly kind: 'refused'; readonly file: string; readonly reason: 'tooLarge' | 'unreadable' };

interface FormPreviewPageProps {
  readonly centre: string;
  readonly role: Role;
}

/** 表单预览: a form of this console, or a file that is to become one, with its faults and live to be tried. */
export function FormPreviewPage({ centre, role }: FormPreviewPageProps) {
  const { t } = useTranslation();
  const library = useForms();
  const [shown, setShown] = useState<Shown | null>(null);
  const [surroundings, setSurroundings] = useState(() => startSurroundings(role));
  const inputRef = useRef<HTMLInputElement>(null);
  const openings = useRef(0);

  const show = (form: CompiledForm, file: string | null) => {
    openings.current += 1;
    setShown({ kind: 'form', key: openings.current, form, file });
  };
  const openFile = async (file: File) => {
    if (file.size > MAX_FORM_FILE) {
      setShown({ kind: 'refused', file: file.name, reason: 'tooLarge' });
      return;
    }
    const text = await file.text().catch(() => null);
    if (text === null) {
      setShown({ kind: 'refused', file: file.name, reason: 'unreadable' });
      return;
    }
    const read = readFormText(text);
    if (read.ok) show(read.value, file.name);
    else setShown({ kind: 'faults', file: file.name, text, faults: read.error });
  };

  return (
    <Page title={t('forms.preview.title')} note={t('forms.preview.about')}>
      <div className={classes.page}>
        <div className={classes.side}>
          <div className={classes.group}>
            <h2>{t('forms.preview.file')}</h2>
            <input
              ref={inputRef}
              type="file"
              accept=".json,application/json"
              hidden
              tabIndex={-1}
              onChange={(event) => {
                const file = event.currentTarget.files?.[0];
                if (file) void openFile(file);
                event.currentTarget.value = '';
              }}
              data-testid={TEST_IDS.formPreviewFile}
            />
            <Button
              variant="default"
              leftSection={<IconFileSearch size={16} aria-hidden />}
              onClick={() => inputRef.current?.click()}
            >
              {t('forms.preview.choose')}
            </Button>
          </div>
          {library && (
            <ShippedForms
              library={library}
              chosen={shown?.kind === 'form' && shown.file === null ? shown.form : null}
              onChoose={(form) => show(form, null)}
            />
          )}
          <Surroundings value={surroundings} onChange={setSurroundings} />
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
        <section className={classes.main} tabIndex={0} aria-label={t('forms.preview.title')}>
          {shown === null && (
            <EmptyState
              icon={<IconFileSearch size={36} stroke={1.4} aria-hidden />}
              title={t('forms.preview.title')}
              text={t('forms.preview.empty')}
            />
          )}
          {shown !== null && shown.kind !== 'form' && <h2 className={classes.name}>{shown.file}</h2>}
          {shown !== null && (shown.kind !== 'form' || shown.file !== null) && <FileState shown={shown} />}
          {shown?.kind === 'faults' && <FaultTable faults={shown.faults} text={shown.text} />}
          {shown?.kind === 'form' && (
            <FormTrial key={shown.key} form={shown.form} surroundings={surroundings} centre={centre} />
          )}
        </section>
      </div>
    </Page>
  );
}

/** In one line whether the file can be used. */
function FileState({ shown }: { readonly shown: Shown }) {
  const { t } = useTranslation();
  const text = () => {
    switch (shown.kind) {
      case 'form': {
        const { sections, fields } = shown.form;
        const counts = { sections: sections.length, fields: fields.size };
        return `${shown.file ?? ''}　${t('forms.preview.good', counts)}`;
      }
      case 'faults':
        return t('forms.preview.bad', { count: shown.faults.length });
      case 'refused':
        return t(`forms.preview.${shown.reason}`);
    }
  };
  const isGood = shown.kind === 'form';
  return (
    <div
      className={classes.state}
      data-kind={isGood ? 'good' : 'bad'}
      role="status"
      data-testid={TEST_IDS.formPreviewState}
    >
      {isGood ? <IconCheck size={15} aria-hidden /> : <IconAlertCircle size={15} aria-hidden />}
      {text()}
    </div>
  );
}

interface ShippedFormsProps {
  readonly library: FormLibrary;
  readonly chosen: CompiledForm | null;
  readonly onChoose: (form: CompiledForm) => void;
}

/** The forms of this console with every version they had. */
function ShippedForms({ library, chosen, onChoose }: ShippedFormsProps) {
  const { t } = useTranslation();
  const words = useWords();
  const versions = library
    .all()
    .flatMap(({ definition: { id } }) => library.versions(id).flatMap((version) => library.find(id, version) ?? []));
  return (
    <div className={classes.group}>
      <h2>{t('forms.preview.shipped')}</h2>
      <ul className={classes.list}>
        {versions.map((form) => {
          const { id, version, name } = form.definition;
          return (
            <li key={`${id}.${version}`}>
              <button
                type="button"
                className={classes.entry}
                aria-pressed={form === chosen}
                onClick={() => onChoose(form)}
                data-testid={TEST_IDS.formPreviewForm(id, version)}
              >
                {words(name)}
                <span>{t('forms.version', { version })}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
