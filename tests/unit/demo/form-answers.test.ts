import { beforeAll, describe, expect, it } from 'vitest';
import categoriesFile from '#resources/categories.json' with { type: 'json' };
import { loadFormRecipes } from '#server/demo/form-pieces.ts';
import { generateDemoCentre } from '#server/demo/generate.ts';
import { loadMatters } from '#server/demo/matters.ts';
import { categoryTreeSchema, listCategories } from '#shared/domain/category.ts';
import { DEMO_SEED } from '#shared/domain/demo.ts';
import { contextOf } from '#shared/domain/form/form-context.ts';
import { recheckForm, rigourOf } from '#shared/domain/form/form-submit.ts';
import type { FormData } from '#shared/domain/form/form-value.ts';
import { findForm, latestForm } from '#shared/domain/form/shipped-forms.ts';
import { type Ticket, ticketSchema } from '#shared/domain/ticket.ts';

const NOW = Date.parse('2026-11-22T14:00:00+08:00');
const SIZE = { citizens: 7_000, tickets: 20_000 };
const formOf = new Map(
  listCategories(categoryTreeSchema.parse(categoriesFile)).map(({ code, form }) => [code, form] as const),
);
const ofForm = (tickets: readonly Ticket[], id: string) => tickets.filter(({ fields }) => fields.form?.id === id);
const answers = ({ fields }: Ticket): FormData => fields.form?.data ?? {};
const said = ({ fields }: Ticket) => `${fields.title}${fields.originalWords}${fields.content}`;

describe('the special forms of the demo centre', () => {
  let tickets: readonly Ticket[] = [];
  beforeAll(() => {
    tickets = [...generateDemoCentre(DEMO_SEED, NOW, SIZE).tickets()];
  });

  it('have answers for every matter whose category names one, and no others', () => {
    const recipes = loadFormRecipes();
    const wanted = new Set(loadMatters().flatMap(({ code }) => (formOf.get(code) ? [code] : [])));
    expect([...recipes.keys()].toSorted()).toEqual([...wanted].toSorted());
    for (const [code, { fields }] of recipes) {
      const known = latestForm(formOf.get(code) ?? '')?.fields;
      for (const [field] of fields) expect(known?.has(field), `${code} ${field}`).toBe(true);
    }
  });

  it('are on a good part of the tickets whose category names one, and on no other', () => {
    const special = tickets.filter(({ fields }) => formOf.get(fields.categoryCode ?? ''));
    const filled = tickets.filter(({ fields }) => fields.form !== null);
    for (const { fields } of filled) expect(fields.form?.id).toBe(formOf.get(fields.categoryCode ?? ''));
    expect(filled.length / special.length).toBeGreaterThan(0.4);
    expect(filled.length / special.length).toBeLessThan(0.9);
    const used = new Set(filled.map(({ fields }) => fields.form?.id));
    expect(used).toEqual(new Set(loadMatters().flatMap(({ code }) => formOf.get(code) ?? [])));
  });

  it('pass the check of the centre, each by the version it names', () => {
    for (const ticket of tickets) {
      const { form, answer, line } = ticket.fields;
      if (!form) continue;
      const compiled = findForm(form.id, form.version);
      const context = contextOf(ticket.fields, line, 'agent', ticket.createdAt);
      const outcome = rigourOf(answer === null ? 'submit' : 'direct_answer');
      const checked = compiled ? recheckForm(compiled, form.data, context, outcome) : null;
      expect(checked, `${ticket.fields.title} ${JSON.stringify(form.data)}`).toEqual({ ok: true, data: form.data });
      expect(ticketSchema.shape.fields.parse(ticket.fields).form).toEqual(form);
    }
  });

  it('say of unpaid wages what the ticket says: who owes how much to how many', () => {
    const wages = ofForm(tickets, 'wage-arrears');
    for (const ticket of wages) {
      const { employer, people, total, collective } = answers(ticket);
      const { subject, place } = ticket.fields;
      if (subject !== '') expect(employer).toBe(subject);
      else expect(place.address).toContain(String(employer).replace('劳务班组（全称不详）', ''));
      if (ticket.fields.originalWords.includes('十几个人')) {
        expect([Number(people) >= 11 && Number(people) < 20, collective]).toEqual([true, true]);
      }
      const [, amount = '', unit] = /工资(?:共)?([\d.]+)(万)?余?元/.exec(ticket.fields.content) ?? [];
      const told = Number(amount) * (unit ? 10_000 : 1);
      expect(Number(total), said(ticket)).toBeGreaterThanOrEqual(told);
      expect(Number(total), said(ticket)).toBeLessThan(told + 10_000);
    }
  });

  it('say of noise what makes it and when: work at night is noise at night', () => {
    const noise = ofForm(tickets, 'noise').filter(({ fields }) => fields.categoryCode === '080101');
    expect(noise.filter((ticket) => answers(ticket).night !== true)).toEqual([]);
    for (const ticket of noise.filter((one) => said(one).includes('干到两点')))
      expect(answers(ticket).to).toBe('02:00');
    const concrete = noise.filter((one) => said(one).includes('混凝土浇筑'));
    expect(new Set(concrete.map((ticket) => answers(ticket).source))).toEqual(new Set(['concrete']));
  });

  it('give the depth of the water that the ticket gives', () => {
    const flooded = ofForm(tickets, 'flood').filter(({ fields }) => fields.categoryCode === '030102');
    expect(flooded.length).toBeGreaterThan(0);
    for (const ticket of flooded) expect(ticket.fields.content).toContain(`${answers(ticket).depth}厘米`);
  });

  it('keep the caller of every report on 12350 secret', () => {
    const reports = ofForm(tickets, 'safety-report-12350');
    for (const { fields } of reports) {
      expect([fields.line, fields.caller.confidential, fields.markers.includes('confidential')]).toEqual([
        '12350',
        true,
        true,
      ]);
    }
    const modes = new Set(reports.map((ticket) => answers(ticket).mode));
    expect(modes).toEqual(new Set(['anonymous', 'real-name']));
  });

  it('say the same in every call about one matter', () => {
    const calls = Map.groupBy(
      ofForm(tickets, 'noise').filter(({ fields }) => fields.markers.includes('repeat') || fields.citizenUid),
      ({ fields }) => `${fields.citizenUid} ${fields.categoryCode} ${fields.place.address}`,
    );
    const repeated = [...calls.values()].filter((group) => group.length > 1);
    expect(repeated.length).toBeGreaterThan(3);
    for (const group of repeated) {
      expect(new Set(group.map((ticket) => answers(ticket).distance)).size).toBe(1);
    }
  });

  it('are the same for the same seed, others for another', () => {
    const forms = (seed: number) =>
      [...generateDemoCentre(seed, NOW, { citizens: 300, tickets: 900 }).tickets()].map(({ fields }) => fields.form);
    expect(forms(1)).toEqual(forms(1));
    expect(forms(1).filter((form) => form !== null).length).toBeGreaterThan(20);
    expect(forms(2)).not.toEqual(forms(1));
  });
});
