import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { checkFormFiles } from '../../../scripts/form-files.ts';

const tempFolder = prepareTempFolders();

test('a build takes the forms of this project', () => {
  expect(() => checkFormFiles('resources/forms')).not.toThrow();
});

test('a build is refused with file, place and reason of every bad form file', () => {
  const folder = tempFolder();
  copyFileSync('resources/forms/noise.v1.json', path.join(folder, 'noise.v2.json'));
  writeFileSync(path.join(folder, 'half.v1.json'), '{ "id": ');
  writeFileSync(path.join(folder, 'dust.json'), '{}');
  writeFileSync(
    path.join(folder, 'dust.v1.json'),
    JSON.stringify({ id: 'dust', version: 1, name: { zh: '扬尘' }, sections: [] }),
  );
  let message = '';
  try {
    checkFormFiles(folder);
  } catch (error) {
    message = error instanceof Error ? error.message : '';
  }
  const [, ...lines] = message.split('\n');
  expect(lines.toSorted()).toEqual([
    'dust.json: the name of a form file is <id>.v<version>.json',
    'dust.v1.json: /name/en: MISSING (expected: string)',
    'dust.v1.json: /sections: OUT_OF_RANGE "[]" (expected: ≥ 1)',
    expect.stringMatching(/^half\.v1\.json: .*JSON/),
    'noise.v2.json: holds noise version 1',
  ]);
});
