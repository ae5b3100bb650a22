import type { Line, Role } from './roles.ts';

/** City of the demo centre: 南京市. */
export const DEMO_CENTRE = '320100';

export interface DemoAccount {
  readonly account: string;
  readonly password: string;
  readonly name: string;
  readonly seat: string;
  readonly role: Role;
  readonly lines: readonly Line[];
  /** 班组 of those who take calls. */
  readonly team?: string;
}

/** 班组 of the demo centre's agents. */
export const DEMO_TEAMS = ['一班', '二班', '三班'] as const;

/** Accounts of the demo centre. Their passwords are public on purpose: they exist on demo servers only. */
export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  {
    account: 'demo1001',
    password: 'Demo-12345',
    name: '林晓雯',
    seat: '1001',
    role: 'agent',
    lines: ['12345'],
    team: '一班',
  },
  {
    account: 'demo1002',
    password: 'Demo-12345',
    name: '周启明',
    seat: '1002',
    role: 'agent',
    lines: ['12345', '12350'],
    team: '二班',
  },
  {
    account: 'demo2001',
    password: 'Demo-12345',
    name: '顾若兰',
    seat: '2001',
    role: 'lead',
    lines: ['12345', '12350'],
    team: '一班',
  },
  { account: 'demo3001', password: 'Demo-12345', name: '沈知言', seat: '3001', role: 'editor', lines: ['12345'] },
  { account: 'demo9001', password: 'Demo-12345', name: '许安', seat: '9001', role: 'admin', lines: ['12345', '12350'] },
  { account: 'demo4001', password: 'Demo-12345', name: '郑国梁', seat: '4001', role: 'dispatcher', lines: ['12345'] },
  {
    account: 'demo6001',
    password: 'Demo-12345',
    name: '田野',
    seat: '6001',
    role: 'supervisor',
    lines: ['12345', '12350'],
  },
  { account: 'demo5001', password: 'Demo-12345', name: '田甜', seat: '5001', role: 'revisit', lines: ['12345'] },
  {
    account: 'demo7001',
    password: 'Demo-12345',
    name: '苏文澜',
    seat: '7001',
    role: 'quality',
    lines: ['12345', '12350'],
  },
];

/** The demo centre is the same everywhere, so that its scenarios know its citizens. */
export const DEMO_SEED = 12_345;
export const DEMO_CITIZENS = 20_000;
export const DEMO_TICKETS = 60_000;
