import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { FormFault } from '#shared/domain/form/form-faults.ts';
import classes from './FormPreviewPage.module.css';
import { placeInText } from './read-form-file.ts';

interface FaultTableProps {
  readonly faults: readonly FormFault[];
  /** The file, for the line a JSON error is in. */
  readonly text: string;
}

/** Every fault of a form file: where (JSON pointer) and why. */
export function FaultTable({ faults, text }: FaultTableProps) {
  const { t } = useTranslation();
  const reason = ({ code, found, expected, at }: FormFault) => {
    if (code === 'NOT_JSON') return t('forms.fault.NOT_JSON', { ...placeInText(text, at ?? 0) });
    if (code === 'UNEXPECTED' && found === '') return t('forms.fault.UNFINISHED');
    // Characters are counted from 1 for people.
    return t(`forms.fault.${code}`, {
      found: found === '' ? '—' : found,
      expected: expected || '—',
      at: (at ?? 0) + 1,
    });
  };
  return (
    <table className={classes.faults} data-testid={TEST_IDS.formPreviewFaults}>
      <thead>
        <tr>
          <th scope="col">{t('forms.preview.column.path')}</th>
          <th scope="col">{t('forms.preview.column.reason')}</th>
        </tr>
      </thead>
      <tbody>
        {faults.map((fault) => (
          <tr key={`${fault.path} ${fault.code} ${fault.at ?? ''} ${fault.found}`}>
            <td>
              <code>{fault.path === '' ? '/' : fault.path}</code>
            </td>
            <td>{reason(fault)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
