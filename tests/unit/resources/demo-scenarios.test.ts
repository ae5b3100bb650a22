import { beforeAll, describe, expect, it } from 'vitest';
import categoriesFile from '#resources/categories.json' with { type: 'json' };
import callersFile from '#resources/demo/callers.json' with { type: 'json' };
import scenariosFile from '#resources/demo/scenarios.json' with { type: 'json' };
import divisionsFile from '#resources/divisions.json' with { type: 'json' };
import { generateDemoCentre } from '#server/demo/generate.ts';
import { categoryTreeSchema, listCategories } from '#shared/domain/category.ts';
import { DEMO_SEED } from '#shared/domain/demo.ts';
import { demoCallerFileSchema, demoScenarioFileSchema } from '#shared/domain/demo-scenario.ts';
import { divisionFileSchema, listDivisions } from '#shared/domain/division.ts';
import { openingForm } from '#shared/domain/form/form-choice.ts';
import { checkIntake, emptyIntake } from '#shared/domain/intake.ts';
import { normalizePhone } from '#shared/domain/phone.ts';

const { callers } = demoCallerFileSchema.parse(callersFile);
const { scenarios } = demoScenarioFileSchema.parse(scenariosFile);
const callerOf = new Map(callers.map((caller) => [caller.id, caller]));
const withNumber = callers.filter((caller) => caller.ani !== '');

describe('demo callers', () => {
  const centre = new Map<string, { readonly name: string }>();
  const reporters = new Set<string>();
  beforeAll(() => {
    const { citizens, tickets } = generateDemoCentre(DEMO_SEED, Date.UTC(2026, 10, 22));
    for (const { fields } of tickets()) if (fields.line === '12350') reporters.add(fields.caller.phone);
    for (const { fields } of citizens()) {
      for (const phone of fields.phones) centre.set(phone, fields);
    }
  });

  it('has every id and every number once, numbers in normalized form', () => {
    expect(callerOf.size).toBe(callers.length);
    expect(new Set(withNumber.map((caller) => caller.ani)).size).toBe(withNumber.length);
    for (const { ani } of withNumber) expect(normalizePhone(ani)).toBe(ani);
  });

  it('finds known callers in the demo centre under their name, and new ones not', () => {
    for (const { ani, name, known } of withNumber) {
      expect(centre.get(ani)?.name, ani).toBe(known ? name : undefined);
    }
  });

  it('has known, new and withheld callers on both lines', () => {
    for (const line of ['12345', '12350']) {
      const ofLine = callers.filter((caller) => caller.line === line);
      const hasHistory = ({ ani, known }: (typeof callers)[number]) => (line === '12345' ? known : reporters.has(ani));
      expect(ofLine.some(hasHistory)).toBe(true);
      expect(ofLine.some((caller) => !caller.known && caller.ani !== '')).toBe(true);
      expect(ofLine.some((caller) => caller.ani === '')).toBe(true);
    }
  });

  it('knows nobody who reports on 12350', () => {
    for (const { ani, known } of callers.filter((caller) => caller.line === '12350')) {
      expect({ known, hasRecord: centre.has(ani) }).toEqual({ known: false, hasRecord: false });
    }
  });
});

describe('demo scenarios', () => {
  const categories = new Set(listCategories(categoryTreeSchema.parse(categoriesFile)).map((entry) => entry.code));
  const divisions = new Map(listDivisions(divisionFileSchema.parse(divisionsFile)).map((e) => [e.code, e.names]));

  it('are at least 24, with every id once and every caller used', () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(24);
    expect(new Set(scenarios.map((scenario) => scenario.id)).size).toBe(scenarios.length);
    expect(new Set(scenarios.map((scenario) => scenario.caller))).toEqual(new Set(callerOf.keys()));
  });

  it.each(scenarios)('$id: points at existing data and its model ticket could be submitted', (scenario) => {
    const { type, categoryCode, place, subject, urgency, markers, opening, model, outcome } = scenario;
    expect(categories).toContain(categoryCode);
    if (place.divisionCode !== null) {
      const [, district = '', street] = divisions.get(place.divisionCode) ?? [];
      expect(district).not.toBe('');
      if (place.address !== '') expect(place.address.startsWith(district + (street ?? ''))).toBe(true);
    }
    expect(model.answer === null).toBe(outcome === 'submit');
    const ani = callerOf.get(scenario.caller)?.ani ?? '';
    const empty = emptyIntake(ani);
    const content = {
      ...empty,
      caller: { ...empty.caller, anonymous: ani === '' },
      type,
      categoryCode,
      place,
      subject,
      urgency,
      markers,
      title: model.title,
      content: model.content,
      originalWords: opening,
      answer: model.answer ?? '',
    };
    expect(checkIntake(content, outcome)).toEqual([]);
  });

  it('let a trainee meet the forms of unpaid wages, noise and safety reports, among others', () => {
    const formOf = new Map(
      listCategories(categoryTreeSchema.parse(categoriesFile)).map(({ code, form }) => [code, form] as const),
    );
    const forms = scenarios
      .filter(({ outcome }) => outcome === 'submit')
      .map(({ caller, categoryCode }) => {
        const line = callerOf.get(caller)?.line ?? '12345';
        return openingForm(formOf.get(categoryCode) ?? null, line)?.definition.id;
      });
    for (const id of ['wage-arrears', 'noise', 'safety-report-12350', 'flood', 'group-rental', 'unclear-ownership']) {
      expect(forms).toContain(id);
    }
  });

  it('keep every caller of 12350 confidential', () => {
    for (const scenario of scenarios) {
      if (callerOf.get(scenario.caller)?.line === '12350') expect(scenario.markers).toContain('confidential');
    }
  });
});
