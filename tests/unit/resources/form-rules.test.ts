import { describe, expect, it } from 'vitest';
import type { FormContext } from '#shared/domain/form/form-context.ts';
import { evaluateForm } from '#shared/domain/form/form-evaluate.ts';
import { formProblems } from '#shared/domain/form/form-submit.ts';
import type { FormData } from '#shared/domain/form/form-value.ts';
import { around, form, NOW } from './shipped-form.ts';

/** Problems of a form, as `field CODE`. */
function problems(id: string, data: FormData, more: Partial<FormContext> = {}): readonly string[] {
  const context = around(more);
  const state = evaluateForm(form(id), data, context);
  return formProblems(form(id), state, context, 'complete').map((problem) => `${problem.field} ${problem.code}`);
}

function value(id: string, field: string, data: FormData, more: Partial<FormContext> = {}) {
  return evaluateForm(form(id), data, around(more)).fields.get(field)?.value;
}

describe('安全生产有奖举报', () => {
  const report = {
    mode: 'real-name',
    relation: 'employee',
    contactAllowed: false,
    enterprise: '某机械厂',
    industry: 'industry',
    division: '320106',
    address: '工业园 3 号',
    clue: 'danger',
    clueDetail: 'dust',
    ongoing: false,
    evidence: ['photo'],
    applyReward: true,
    rewardBy: 'visit',
  };

  it('belongs to the 12350 line and keeps the reporter secret', () => {
    expect(form('safety-report-12350').definition).toMatchObject({ lines: ['12350'], confidential: true });
    expect(problems('safety-report-12350', report, { line: '12350' })).toEqual([]);
    expect(problems('safety-report-12350', report)).toEqual(['null WRONG_LINE']);
  });

  it('knows an insider', () => {
    expect(value('safety-report-12350', 'insider', report)).toBe(true);
    expect(value('safety-report-12350', 'insider', { ...report, relation: 'resident' })).toBe(false);
  });

  it('pays by transfer only a named reporter, and asks for card and account then', () => {
    const by = (more: FormData) => problems('safety-report-12350', { ...report, ...more }, { line: '12350' });
    expect(by({ rewardBy: 'bank' })).toEqual([
      'idCard REQUIRED',
      'payee REQUIRED',
      'bank REQUIRED',
      'account REQUIRED',
    ]);
    expect(
      by({ mode: 'anonymous', rewardBy: 'bank', claimCode: '314159', payee: 'x', bank: 'x', account: '6222000000' }),
    ).toEqual(['rewardBy CHECK_FAILED']);
    expect(by({ mode: 'anonymous', rewardBy: 'code', claimCode: '123' })).toEqual(['claimCode CHECK_FAILED']);
  });

  it('asks for the accident only when one was concealed, and tells its level', () => {
    const accident = { ...report, clue: 'concealed', clueDetail: 'death', accidentDate: '2026-06-17' };
    const level = (more: FormData) => value('safety-report-12350', 'level', { ...accident, ...more });
    expect(level({})).toBeNull();
    expect(level({ deaths: 1 })).toBe('ordinary');
    expect(level({ deaths: 3 })).toBe('large');
    expect(level({ deaths: 0, injuries: 50 })).toBe('grave');
    expect(level({ deaths: 30 })).toBe('special');
    expect(value('safety-report-12350', 'level', { ...report, deaths: 3 })).toBeNull();
  });

  it('leaves the view of the seat to the lead', () => {
    const by = (role: 'agent' | 'lead') =>
      problems('safety-report-12350', { ...report, view: 'more' }, { line: '12350', role });
    expect(by('agent')).toEqual(['view NOT_ALLOWED']);
    expect(by('lead')).toEqual([]);
  });
});

describe('other forms', () => {
  it('涉汛: people in the water make the ticket critical', () => {
    const flood = {
      kind: 'underpass',
      observedAt: NOW,
      trend: 'rising',
      trapped: true,
      trappedCount: 2,
      needs: ['move'],
    };
    expect(problems('flood', flood)).toEqual(['trapped CHECK_FAILED']);
    expect(problems('flood', flood, { urgency: 'critical' })).toEqual([]);
    expect([10, 20, 30, 80].map((depth) => value('flood', 'level', { ...flood, depth }))).toEqual([
      'light',
      'moderate',
      'serious',
      'severe',
    ]);
  });

  it('群租房: area per person and the hand-over to the police are computed', () => {
    const house = { area: 90, tenants: 20, dangers: ['partition'], smell: false };
    expect(value('group-rental', 'perPerson', house)).toBe(4.5);
    expect(value('group-rental', 'crowded', house)).toBe(true);
    expect(value('group-rental', 'toPolice', house)).toBe(true);
    expect(value('group-rental', 'toPolice', { ...house, tenants: 4 })).toBe(false);
  });

  it('拖欠工资: months and sums are computed, ends come after starts', () => {
    const owed = { people: 12, total: 240_000.6, since: '2026-01-15', until: '2025-12-01' };
    expect(value('wage-arrears', 'average', owed)).toBe(20_000.05);
    expect(value('wage-arrears', 'collective', owed)).toBe(true);
    expect(problems('wage-arrears', owed)).toContain('until CHECK_FAILED');
    expect(value('wage-arrears', 'months', { since: '2026-01-15' })).toBe(5);
  });

  it('拖欠工资: months stand for their first day at the start and for their last at the end, today at the latest', () => {
    const owed = (data: FormData) => [
      value('wage-arrears', 'months', data),
      problems('wage-arrears', { employer: '某厂', people: 2, total: 9, ...data }),
    ];
    expect(owed({ since: '2026-01', until: '2026-03' })).toEqual([3, []]);
    expect(owed({ since: '2026-03中旬', until: '2026-03下旬' })).toEqual([0, []]);
    // The month goes on.
    expect(owed({ since: '2026-06-15', until: '2026-06' })).toEqual([0, []]);
    expect(owed({ since: '2026-05-15', until: '2026-04' })).toEqual([0, ['until CHECK_FAILED']]);
    expect(owed({ since: '2026-07' })[1]).toEqual(['since CHECK_FAILED']);
    expect(value('wage-arrears', 'since', { since: '2026-01' })).toBe('2026-01');
  });

  it('噪声: the night is 22:00 to 06:00, also across midnight', () => {
    const night = (from: string, to?: string) => value('noise', 'night', to === undefined ? { from } : { from, to });
    expect([night('21:59'), night('22:00'), night('05:59'), night('06:00')]).toEqual([false, true, true, false]);
    expect([night('19:00', '21:30'), night('19:00', '22:30'), night('19:00', '01:00')]).toEqual([false, true, true]);
  });

  it('噪声: a night permit is asked for only at a building site at night', () => {
    const asked = (kind: string, from: string) =>
      evaluateForm(form('noise'), { kind, from }, around()).fields.get('permit')?.visible;
    expect([asked('construction', '23:00'), asked('construction', '10:00'), asked('business', '23:00')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('入学政策: six years on 31 August', () => {
    const oldEnough = (birth: string) => value('school-admission', 'oldEnough', { stage: 'primary', birth });
    expect([oldEnough('2020-08-31'), oldEnough('2020-09-01')]).toEqual([true, false]);
  });

  it('医保报销: own share and rate; a computed birthday from the card', () => {
    const claim = { kind: 'inpatient', question: 'ratio', total: 10_000, paid: 7_250 };
    expect(value('medical-insurance', 'own', claim)).toBe(2_750);
    expect(value('medical-insurance', 'rate', claim)).toBe(72.5);
    expect(value('medical-insurance', 'birth', { idCard: '11010519491231002X' })).toBe('1949-12-31');
    expect(problems('medical-insurance', { ...claim, paid: 20_000 })).toContain('paid CHECK_FAILED');
  });

  it('权属不清: solve first when there is danger or everybody refused', () => {
    const proposal = (data: FormData) => value('unclear-ownership', 'proposal', data);
    expect(proposal({ danger: true })).toBe('act-first');
    expect(proposal({ danger: false, asked: true, askedUnits: ['street', 'property'] })).toBe('act-first');
    expect(proposal({ danger: false, since: '2026-06-01' })).toBe('clarify');
  });

  it('疫情: a cluster is reported to the CDC by its size and disease', () => {
    const cluster = (cases: number, disease: string) =>
      value('epidemic', 'report', { topic: 'cluster', cases, disease });
    expect([
      cluster(3, 'norovirus'),
      cluster(10, 'norovirus'),
      cluster(1, 'cholera'),
      cluster(20, 'norovirus'),
    ]).toEqual(['ordinary', 'two-hours', 'two-hours', 'at-once']);
  });
});
