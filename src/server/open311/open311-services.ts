import categoriesFile from '#resources/categories.json' with { type: 'json' };
import { type CategoryEntry, categoryTreeSchema, listCategories } from '#shared/domain/category.ts';
import { TICKET_TYPES, type TicketType } from '#shared/domain/ticket.ts';
import type { Row } from './georeport-text.ts';

const TYPE_NAMES: Readonly<Record<TicketType, string>> = {
  consult: '咨询',
  help: '求助',
  complaint: '投诉',
  report: '举报',
  suggestion: '建议',
  praise: '表扬',
  other: '其他',
};

let known: ReadonlyMap<string, CategoryEntry> | null = null;

/** The leaves of the category tree (小类) by code: each is a service. */
function services(): ReadonlyMap<string, CategoryEntry> {
  known ??= new Map(listCategories(categoryTreeSchema.parse(categoriesFile)).map((leaf) => [leaf.code, leaf]));
  return known;
}

/** The service of a code, null for none. */
export function findService(code: string): CategoryEntry | null {
  return services().get(code) ?? null;
}

/** 小类 of a code; the code itself for one this build does not know. */
export function serviceName(code: string): string {
  return findService(code)?.names[2] ?? code;
}

/** When what is offered here was last changed in a way that clients should know of. */
const CHANGESET = '2026-11-26T00:00:00+08:00';

/** Service discovery: where this endpoint is, and what it speaks. @param url its base */
export function discover(url: string): Row {
  const formats = ['text/xml', 'application/json'];
  const specification = 'http://wiki.open311.org/GeoReport_v2';
  return {
    changeset: CHANGESET,
    contact: '12345',
    key_service: '12345',
    endpoints: [{ specification, url, changeset: CHANGESET, type: 'production', formats }],
  };
}

/** GET services */
export function listServices(): readonly Row[] {
  return [...services().values()].map(({ code, names: [root, group, leaf] }) => ({
    service_code: code,
    service_name: leaf,
    description: [root, group, leaf].join(' / '),
    metadata: true,
    type: 'realtime',
    keywords: [root, group, leaf].join(','),
    group: root,
  }));
}

const attribute = (
  order: number,
  code: string,
  datatype: string,
  description: string,
  values: readonly Row[] = [],
): Row => ({
  variable: true,
  code,
  datatype,
  required: false,
  datatype_description: null,
  order,
  description,
  values,
});

/** GET service definition: what can be said beside the description, the same for every service. */
export function defineService(code: string): Row {
  return {
    service_code: code,
    attributes: [
      attribute(
        1,
        'type',
        'singlevaluelist',
        '诉求类型',
        TICKET_TYPES.map((key) => ({ key, name: TYPE_NAMES[key] })),
      ),
      attribute(2, 'subject', 'string', '涉事主体：被反映的单位、店铺或个人'),
      attribute(3, 'occurred_at', 'datetime', '发生时间'),
    ],
  };
}
