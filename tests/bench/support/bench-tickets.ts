import categoriesFile from '#resources/categories.json' with { type: 'json' };
import divisionsFile from '#resources/divisions.json' with { type: 'json' };
import { type CategoryTree, listCategories } from '#shared/domain/category.ts';
import { type Citizen, EMPTY_CITIZEN_FIELDS } from '#shared/domain/citizen.ts';
import { clocksAfter, closeDueAt } from '#shared/domain/clock/clocks-after.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { type DivisionFile, listDivisions } from '#shared/domain/division.ts';
import { EMPTY_EXTRAS, type Ticket } from '#shared/domain/ticket.ts';
import type { CitizenId, TicketId, UserId } from '#shared/kernel/ids.ts';

const WORDS =
  '路灯 窨井盖 污水 漫溢 小区 物业 停车 噪声 施工 夜间 道路 积水 垃圾 清运 油烟 社保 医保 报销 入学 政策 公积金 拖欠 工资 合同 ' +
  '供水 停电 燃气 电梯 消防 通道 占用 违建 树木 倾斜 河道 异味 公交 站台 出租车 退款 预付卡 市场 摊贩 户籍 落户 证明 办理 窗口 ' +
  '长期 无人 处理 多次 反映 希望 尽快 维修 核实 回复 影响 居民 出行 安全 隐患 东面 西面 路口 学校 门口 楼道 顶楼 漏水';
const LEXICON = WORDS.split(' ');
const ROADS = '中央路 汉中路 龙蟠路 建宁路 中山南路 江东中路 双龙大道 天元路 文苑路 浦珠路'.split(' ');
const SURNAMES = Array.from('王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧');
const GIVEN = Array.from('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华文玉建国春雪梅红宇浩晨欣怡子涵');
const CATEGORIES = listCategories(categoriesFile as unknown as CategoryTree);
const STREETS = listDivisions(divisionsFile as unknown as DivisionFile).filter(
  ({ code, level }) => code.startsWith('3201') && level === 'street',
);
const AGENTS = 200;
const STATUSES = [
  'closed_direct',
  'closed_direct',
  'closed_direct',
  'to_dispatch',
  'handling',
  'replied',
  'closed',
  'archived',
] as const;

/** Small deterministic generator (mulberry32): the same seed gives the same tickets in every run. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The name of the n-th made-up citizen. */
function benchName(citizen: number): string {
  const at = (list: readonly string[], n: number) => list[n % list.length] ?? '';
  const given = Math.floor(citizen / SURNAMES.length);
  const second = citizen % 3 === 0 ? '' : at(GIVEN, Math.floor(given / GIVEN.length) + citizen);
  return at(SURNAMES, citizen) + at(GIVEN, given) + second;
}

/** The n-th (from 0) made-up citizen, as the server would send them. */
export function benchCitizen(n: number): Citizen {
  return {
    uid: `00000000-0000-7000-9000-${String(n).padStart(12, '0')}` as CitizenId,
    centre: '320100',
    fields: {
      ...EMPTY_CITIZEN_FIELDS,
      name: benchName(n),
      gender: 'unknown',
      kind: 'person',
      phones: [benchPhone(n)],
      confidential: false,
      remark: '',
    },
    createdAt: FIRST,
    updatedAt: FIRST + n,
    version: 1,
    mergedInto: null,
  };
}

/**
 * The phone number of the n-th made-up citizen: numbers with 154 belong to nobody, and the eight digits behind it are as scattered as
 * those of real ones (odd multiples run through all of them before one comes again).
 */
export function benchPhone(citizen: number): string {
  return `154${String((citizen * 61_803_399 + 27_182_818) % 100_000_000).padStart(8, '0')}`;
}

const FIRST = Date.UTC(2024, 0, 1);
const EVERY_MS = 60_000;

/** What brought an open ticket to where it is; the others have no limits. */
const LAST_ACTION = { to_dispatch: 'send_to_dispatch', handling: 'sign', replied: 'reply' } as const;
/** One open ticket in so many counts from its making and is overdue; the others have time left when the history ends. */
const OVERDUE_IN = 10;
const LONG_AFTER = Date.UTC(2026, 5, 1);

function benchClocks(n: number, status: (typeof STATUSES)[number], createdAt: number): Ticket['clocks'] {
  if (!(status in LAST_ACTION)) return null;
  const kind = LAST_ACTION[status as keyof typeof LAST_ACTION];
  const at = n % OVERDUE_IN === 0 ? createdAt : LONG_AFTER;
  const matter = { categoryCode: null, type: 'help', urgency: 'normal' } as const;
  return clocksAfter({ clocks: null, acceptedAt: at, matter }, { kind }, at, shippedClockRules());
}

/** The n-th (from 1) ticket of a made-up history, as the server would send it: number n, about 110 characters of content. */
export function benchTicket(n: number, citizens: number): Ticket {
  const random = createRandom(n);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const createdAt = FIRST + n * EVERY_MS;
  const status = pick(STATUSES);
  const citizen = Math.floor(random() * citizens);
  // A few matters and streets are far more common than the rest.
  const skewed = <T>(list: readonly T[]): T => list[Math.floor(random() ** 3 * list.length)] as T;
  const category = skewed(CATEGORIES);
  const street = skewed(STREETS);
  const agent = Math.floor(random() * AGENTS);
  const clocks = benchClocks(n, status, createdAt);
  const content = Array.from({ length: 44 }, () => pick(LEXICON)).join('');
  return {
    uid: `00000000-0000-7000-8000-${String(n).padStart(12, '0')}` as TicketId,
    number: n,
    provisionalNo: '',
    centre: '320100',
    status,
    fields: {
      ...EMPTY_EXTRAS,
      type: 'help',
      categoryCode: category.code,
      title: `${pick(LEXICON)}${pick(LEXICON)}${pick(LEXICON)}`,
      content,
      originalWords: '',
      demands: [],
      channel: 'phone',
      line: '12345',
      citizenUid: `00000000-0000-7000-9000-${String(citizen).padStart(12, '0')}` as CitizenId,
      caller: {
        name: benchName(citizen),
        gender: 'unknown',
        kind: 'person',
        phone: benchPhone(citizen),
        anonymous: false,
        confidential: false,
      },
      place: {
        divisionCode: street.code,
        address: `${pick(ROADS)}${1 + Math.floor(random() * 400)}号`,
        landmark: '',
        coordinates: null,
      },
      occurredAt: null,
      subject: '',
      urgency: 'normal',
      markers: [],
      tags: [],
      call: null,
      answer: null,
    },
    unit: status === 'closed_direct' || status === 'to_dispatch' ? null : category.unit || `${street.names[1]}政府`,
    replies: [],
    createdAt,
    createdById: `00000000-0000-7000-a000-${String(agent).padStart(12, '0')}` as UserId,
    createdByName: benchName(agent * 7),
    consoleId: null,
    madeOffline: false,
    acceptedAt: createdAt + 1_000,
    closedAt: status.startsWith('closed') ? createdAt + 1_000 : null,
    dueAt: closeDueAt(clocks),
    clocks,
    updatedAt: createdAt + 1_000,
    version: 1,
    link: null,
    flags: [],
    events: [],
  };
}
