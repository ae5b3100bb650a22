/** What a key costs in the division picker, and what reading an address costs. */

import { matchEntries } from '#renderer/platform/picker-match.ts';
import { readName } from '#renderer/platform/readings.ts';
import divisionFile from '#resources/divisions.json' with { type: 'json' };
import { createDivisionNames } from '#shared/domain/address/division-names.ts';
import { parseAddress } from '#shared/domain/address/parse-address.ts';
import { divisionFileSchema, listDivisions } from '#shared/domain/division.ts';
import { ms, percentile, printTable, sample } from './support/report.ts';

const TYPED =
  'gulouqu njgl nanjingshigulouqu xuzhougulou 鼓楼区 南京鼓楼宁海路 320106003 xinjiekou hsc moch pukou xwmjd'.split(
    ' ',
  );
const ADDRESSES = [
  '南京市鼓楼区中央路260号3栋2单元501室',
  '建邺路与中山南路交叉口东北侧',
  '溧水区白马镇石头寨村三组东面农田',
  '江宁区秣陵街道双龙大道1688号百家湖花园东区12幢305',
];
const ROUNDS = 20;
const ADDRESS_ROUNDS = 5_000;

const file = divisionFileSchema.parse(divisionFile);
const divisions = listDivisions(file);
const names = createDivisionNames(file.province[1], divisions);
const ownCityFirst = (entry: { readonly code: string }) => (entry.code.startsWith('3201') ? 0 : 1.5);

// The console does the same while it is idle (prepareReadings).
for (const entry of divisions) for (const name of entry.names) readName(name);
for (const word of ['n', 'gl', 'na', '路']) matchEntries(divisions, word, readName, 1);
const queries = TYPED.flatMap((word) => Array.from({ length: word.length }, (_, end) => word.slice(0, end + 1)));
const first = sample(queries.length, (i) => {
  matchEntries(divisions, queries[i] ?? '', readName, 31, ownCityFirst);
});
const keys = sample(queries.length * ROUNDS, (i) => {
  matchEntries(divisions, queries[i % queries.length] ?? '', readName, 31, ownCityFirst);
});
const addresses = sample(ADDRESS_ROUNDS, (i) => {
  parseAddress(ADDRESSES[i % ADDRESSES.length] ?? '', names, '320100');
});

printTable(`Place: ${divisions.length.toLocaleString('en')} cities, districts, streets and towns`, [
  {
    what: 'a key in the division picker, program just started, p50 / worst',
    measured: `${ms(percentile(first, 0.5))} / ${ms(percentile(first, 1))}`,
    target: 'worst < 16 ms',
    met: percentile(first, 1) < 16,
  },
  {
    what: 'a key in the division picker, p50 / p99 / worst',
    measured: `${ms(percentile(keys, 0.5))} / ${ms(percentile(keys, 0.99))} / ${ms(percentile(keys, 1))}`,
    target: 'worst < 16 ms',
    met: percentile(keys, 1) < 16,
  },
  {
    what: 'splitting an address, p50 / p99',
    measured: `${ms(percentile(addresses, 0.5))} / ${ms(percentile(addresses, 0.99))}`,
    target: '',
    met: null,
  },
]);
