import { useForms } from '#renderer/platform/form-library.ts';
import { optionsOfAnswer } from '#shared/domain/form/answer-options.ts';
import type { TicketForm } from '#shared/domain/form/ticket-form.ts';
import { useFormValueText, useWords } from '../form-text.ts';

/** The answers of a special form as rows of a sheet, in the words of the version they were written with. */
export function FormRows({ form }: { readonly form: TicketForm }) {
  const words = useWords();
  const valueText = useFormValueText();
  const known = useForms()?.find(form.id, form.version);
  if (!known) return null;
  const answered = known.sections
    .flatMap(({ fields }) => fields)
    .map(({ field }) => field)
    .filter(({ id }) => Object.hasOwn(form.data, id));
  if (answered.length === 0) return null;
  return (
    <tr>
      <th>{words(known.definition.name)}</th>
      <td colSpan={3}>
        {answered
          .map((field) => {
            const value = form.data[field.id] ?? null;
            return `${words(field.label)}：${valueText(field, value, optionsOfAnswer(field, form.data))}`;
          })
          .join('\n')}
      </td>
    </tr>
  );
}
