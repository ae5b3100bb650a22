import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import categoriesFile from '#resources/categories.json' with { type: 'json' };
import { categoryTreeSchema, listCategories } from '#shared/domain/category.ts';
import { compileForm } from '#shared/domain/form/form-compile.ts';
import { type FieldType, formDefinitionSchema } from '#shared/domain/form/form-definition.ts';
import { evaluateForm } from '#shared/domain/form/form-evaluate.ts';
import { describeFault } from '#shared/domain/form/form-faults.ts';
import { finishedData, formProblems, initialData, recheckForm } from '#shared/domain/form/form-submit.ts';
import { findForm, latestForm, latestForms, readFormFile } from '#shared/domain/form/shipped-forms.ts';
import { around, form, NOW } from './shipped-form.ts';

const FOLDER = 'resources/forms';
const files = readdirSync(FOLDER).filter((name) => name !== 'form.schema.json');
const read = (name: string): unknown => JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8'));

describe('form files', () => {
  it.each(files)('%s is a good form', (name) => {
    const compiled = compileForm(read(name));
    expect(compiled.ok ? [] : compiled.error.map(describeFault)).toEqual([]);
  });

  it('are all known to the console and the server, under their own name', () => {
    const known = files.filter((name) => {
      const [, id = '', version = ''] = /^(.+)\.v(\d+)\.json$/.exec(name) ?? [];
      return findForm(id, Number(version)) !== null;
    });
    expect(known).toEqual(files);
  });

  it('are the forms an agent needs, the general one first', () => {
    expect(latestForms().map((one) => one.definition.id)).toEqual([
      'general',
      'safety-report-12350',
      'group-rental',
      'flood',
      'wage-arrears',
      'noise',
      'school-admission',
      'medical-insurance',
      'unclear-ownership',
      'epidemic',
    ]);
  });

  it('use every kind of field between them', () => {
    const types = new Set(latestForms().flatMap((one) => [...one.fields.values()].map(({ field }) => field.type)));
    const expected: readonly FieldType[] = [
      'text',
      'long-text',
      'number',
      'money',
      'date',
      'date-time',
      'time',
      'phone',
      'id-card',
      'credit-code',
      'division',
      'address',
      'category',
      'unit',
      'single-choice',
      'multiple-choice',
      'dependent-choice',
      'yes-no',
      'attachment',
      'computed',
    ];
    expect([...types].sort()).toEqual([...expected].sort());
  });

  it('are valid by the published JSON Schema, which says what the console checks', () => {
    const published: unknown = JSON.parse(readFileSync(`${FOLDER}/form.schema.json`, 'utf8'));
    expect(published).toEqual(z.toJSONSchema(formDefinitionSchema, { io: 'input' }));
  });

  it('mask nobody’s data by accident: names, cards and phones have their class', () => {
    for (const name of files) {
      const compiled = compileForm(read(name));
      if (!compiled.ok) continue;
      for (const { field } of compiled.value.fields.values()) {
        const least = { 'id-card': ['identity'], phone: ['contact', 'sensitive'] }[field.type as 'id-card' | 'phone'];
        if (least) expect(least, `${name} ${field.id}`).toContain(field.personal);
      }
    }
  });
});

describe('a bad form file', () => {
  it('is refused with file, place and reason', () => {
    const broken = { ...(read('noise.v1.json') as object), sections: [] };
    expect(() => readFormFile({ id: 'noise', version: 1, json: broken })).toThrow(
      'resources/forms/noise.v1.json: /sections: OUT_OF_RANGE "[]" (expected: ≥ 1)',
    );
  });

  it('is refused when its name does not say what it holds', () => {
    expect(() => readFormFile({ id: 'noise', version: 2, json: read('noise.v1.json') })).toThrow(
      'resources/forms/noise.v2.json: holds noise version 1',
    );
  });
});

describe('versions', () => {
  it('of a form are kept, the newest is offered', () => {
    expect(findForm('flood', 1)?.definition.version).toBe(1);
    expect(latestForm('flood')?.definition.version).toBe(2);
    expect(findForm('flood', 3)).toBeNull();
    expect(latestForm('no-such-form')).toBeNull();
  });

  it('judge by their own rules: the depth was a choice once and is a number now', () => {
    const depth = (version: number, given: string | number) =>
      evaluateForm(form2(version), { kind: 'road', depth: given }, around()).fields.get('depth')?.problems.length;
    const form2 = (version: number) => findForm('flood', version) ?? form('flood');
    expect([depth(1, 'knee'), depth(1, 45), depth(2, 'knee'), depth(2, 45)]).toEqual([0, 1, 1, 0]);
  });
});

describe('every form', () => {
  it.each(latestForms().map((one) => [one.definition.id]))('%s opens with values it takes itself', (id) => {
    const context = around({ occurredAt: NOW - 1000 });
    const state = evaluateForm(form(id), initialData(form(id), context), context);
    for (const { problems: found } of state.fields.values()) {
      expect(found.filter((problem) => problem.code !== 'REQUIRED')).toEqual([]);
    }
  });

  it.each(latestForms().map((one) => [one.definition.id]))(
    '%s can be left empty when the call ends at the seat',
    (id) => {
      const context = around({ line: '12350' });
      const state = evaluateForm(form(id), {}, context);
      expect(formProblems(form(id), state, context, 'readable')).toEqual([]);
      expect(recheckForm(form(id), finishedData(state), context, 'readable').ok).toBe(true);
    },
  );

  it('names only categories that exist', () => {
    const codes = new Set(listCategories(categoryTreeSchema.parse(categoriesFile)).map((entry) => entry.code));
    for (const name of files) {
      const named = readFileSync(`${FOLDER}/${name}`, 'utf8').match(/'\d{6}'/g) ?? [];
      for (const code of named) expect(codes, `${name} ${code}`).toContain(code.slice(1, -1));
    }
  });

  it('of a category knows the kind of matter from its code', () => {
    for (const entry of listCategories(categoryTreeSchema.parse(categoriesFile))) {
      if (entry.form === null) continue;
      expect(latestForm(entry.form), `${entry.code} ${entry.form}`).not.toBeNull();
    }
    const kinds = (ids: readonly string[], field: string, formId: string) =>
      ids.map((categoryCode) => initialData(form(formId), around({ categoryCode }))[field]);
    expect(kinds(['080101', '080103', '080107'], 'kind', 'noise')).toEqual(['construction', 'business', 'neighbour']);
    expect(kinds(['030101', '030105', '030108'], 'kind', 'flood')).toEqual(['road', 'farmland', 'dike']);
    expect(kinds(['020502', '020503', '020505'], 'facility', 'unclear-ownership')).toEqual(['lamp', 'manhole', 'tree']);
    expect(kinds(['110102', '110107'], 'stage', 'school-admission')).toEqual(['primary', 'transfer']);
  });
});
