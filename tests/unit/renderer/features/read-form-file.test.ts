import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { placeInText, readFormText } from '#renderer/features/intake/form-preview/read-form-file.ts';

describe('a form file opened from disk', () => {
  it('is read when it is good', () => {
    const read = readFormText(readFileSync('resources/forms/noise.v1.json', 'utf8'));
    expect(read.ok && read.value.definition.id).toBe('noise');
  });

  it.each([
    ['{\n  "id": "x",\n  oops\n}', { line: 3, column: 3 }],
    ['{ "id": "x"', { line: 1, column: 12 }],
    ['', { line: 1, column: 1 }],
  ])('that is no JSON says where it stops being JSON (%#)', (text, place) => {
    const read = readFormText(text);
    const fault = read.ok ? undefined : read.error[0];
    expect(fault?.code).toBe('NOT_JSON');
    expect(placeInText(text, fault?.at ?? -1)).toEqual(place);
  });

  it('that is JSON but no form says what is missing', () => {
    const read = readFormText('{}');
    expect(read.ok ? [] : read.error.map((fault) => `${fault.path} ${fault.code}`)).toEqual([
      '/id MISSING',
      '/version MISSING',
      '/name MISSING',
      '/sections MISSING',
    ]);
  });
});
