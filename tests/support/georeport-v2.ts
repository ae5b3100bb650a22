/**
 * Open311 GeoReport v2 as its publishers describe it, in the form of data: methods, arguments, elements of every answer, errors. Written down
 * from the specification (open311/open311.github.io, `GeoReport_v2/index.md` at 5e3a5ce, "frozen and finalized"; `Service_Discovery.md` at
 * 9867d6d; paging from `GeoReport_v2/Extensions.md` at 4ea6d16), not from this server.
 */

/** What an element holds; a list names its items. */
export type Kind = 'text' | 'boolean' | 'w3-time' | 'number' | readonly string[] | ListOf;
export interface ListOf {
  readonly item: string;
  /** Of a list of plain values. */
  readonly of: 'text' | Elements;
}
export interface ElementRule {
  readonly kind: Kind;
  /** "May not be returned", or of another way of answering. */
  readonly mayBeMissing?: true;
  /** Whether it has to say something where it is there. */
  readonly mayBeEmpty?: true;
}
export type Elements = Readonly<Record<string, ElementRule>>;

export interface Method {
  readonly name: string;
  readonly http: 'GET' | 'POST';
  /** Below the endpoint, with what is given in the path in brackets. */
  readonly path: string;
  readonly needsKey: boolean;
  readonly optional: readonly string[];
  readonly root: string;
  /** Of a list; null where the answer is one thing. */
  readonly item: string | null;
  readonly elements: Elements;
}

const text: ElementRule = { kind: 'text' };
const maybe: ElementRule = { kind: 'text', mayBeMissing: true, mayBeEmpty: true };
/** There, and empty where nothing is known. */
const known: ElementRule = { kind: 'text', mayBeEmpty: true };

const VALUES: ListOf = { item: 'value', of: { key: text, name: text } };
const DATATYPES = ['string', 'number', 'datetime', 'text', 'singlevaluelist', 'multivaluelist'] as const;
const ATTRIBUTES: ListOf = {
  item: 'attribute',
  of: {
    variable: { kind: 'boolean' },
    code: text,
    datatype: { kind: DATATYPES },
    required: { kind: 'boolean' },
    datatype_description: known,
    order: { kind: 'number' },
    description: text,
    values: { kind: VALUES, mayBeEmpty: true },
  },
};

const REQUEST: Elements = {
  service_request_id: text,
  status: { kind: ['open', 'closed'] },
  status_notes: maybe,
  service_name: text,
  service_code: text,
  description: known,
  agency_responsible: maybe,
  service_notice: maybe,
  requested_datetime: { kind: 'w3-time' },
  updated_datetime: { kind: 'w3-time' },
  expected_datetime: { kind: 'w3-time', mayBeMissing: true, mayBeEmpty: true },
  address: known,
  address_id: known,
  zipcode: known,
  lat: { kind: 'number', mayBeEmpty: true },
  long: { kind: 'number', mayBeEmpty: true },
  media_url: known,
};

export const METHODS: readonly Method[] = [
  {
    name: 'GET Service List',
    http: 'GET',
    path: 'services',
    needsKey: false,
    optional: ['jurisdiction_id'],
    root: 'services',
    item: 'service',
    elements: {
      service_code: text,
      service_name: text,
      description: text,
      metadata: { kind: 'boolean' },
      type: { kind: ['realtime', 'batch', 'blackbox'] },
      keywords: known,
      group: known,
    },
  },
  {
    name: 'GET Service Definition',
    http: 'GET',
    path: 'services/[service_code]',
    needsKey: false,
    optional: ['jurisdiction_id'],
    root: 'service_definition',
    item: null,
    elements: { service_code: text, attributes: { kind: ATTRIBUTES } },
  },
  {
    name: 'POST Service Request',
    http: 'POST',
    path: 'requests',
    needsKey: true,
    optional: [
      'jurisdiction_id',
      'lat',
      'long',
      'address_string',
      'address_id',
      'email',
      'device_id',
      'account_id',
      'first_name',
      'last_name',
      'phone',
      'description',
      'media_url',
    ],
    root: 'service_requests',
    item: 'request',
    elements: {
      service_request_id: { kind: 'text', mayBeMissing: true },
      // Never beside a number.
      token: { kind: 'text', mayBeMissing: true },
      service_notice: maybe,
      account_id: maybe,
    },
  },
  {
    name: 'GET service_request_id from a token',
    http: 'GET',
    path: 'tokens/[token]',
    needsKey: false,
    optional: ['jurisdiction_id'],
    root: 'service_requests',
    item: 'request',
    elements: { service_request_id: text, token: text },
  },
  {
    name: 'GET Service Requests',
    http: 'GET',
    path: 'requests',
    needsKey: false,
    optional: ['jurisdiction_id', 'service_request_id', 'service_code', 'start_date', 'end_date', 'status'],
    root: 'service_requests',
    item: 'request',
    elements: REQUEST,
  },
  {
    name: 'GET Service Request',
    http: 'GET',
    path: 'requests/[service_request_id]',
    needsKey: false,
    optional: ['jurisdiction_id'],
    root: 'service_requests',
    item: 'request',
    elements: REQUEST,
  },
  {
    name: 'Service Discovery',
    http: 'GET',
    path: 'discovery',
    needsKey: false,
    optional: [],
    root: 'discovery',
    item: null,
    elements: {
      changeset: text,
      contact: text,
      key_service: text,
      endpoints: {
        kind: {
          item: 'endpoint',
          of: {
            specification: { kind: ['http://wiki.open311.org/GeoReport_v2'] },
            url: text,
            changeset: text,
            type: { kind: ['production', 'test'] },
            formats: { kind: { item: 'format', of: 'text' } },
          },
        },
      },
    },
  },
];

/** Paging as the endpoints that have it extend the list of requests. */
export const PAGING = ['page', 'page_size'] as const;

/** What a list of requests without further arguments spans at most. */
export const MOST_DAYS = 90;
export const MOST_REQUESTS = 1_000;

export const ERRORS = {
  root: 'errors',
  item: 'error',
  elements: { code: { kind: 'number' }, description: text } as Elements,
  /** "Always 404 for resources that don't exist, 403 because of a wrong or missing api_key, basically 400 for any other." */
  status: { notThere: 404, key: 403, other: 400 },
} as const;

export const MEDIA_TYPES = { xml: 'text/xml', json: 'application/json' } as const;
export type GeoReportFormat = keyof typeof MEDIA_TYPES;
