import { expect, it } from 'vitest';
import divisionFile from '#resources/divisions.json' with { type: 'json' };
import { createDivisionNames } from '#shared/domain/address/division-names.ts';
import { parseAddress } from '#shared/domain/address/parse-address.ts';
import { placeKeys } from '#shared/domain/address/place-keys.ts';
import { divisionFileSchema, listDivisions } from '#shared/domain/division.ts';

const file = divisionFileSchema.parse(divisionFile);
const names = createDivisionNames(file.province[1], listDivisions(file));

const keysOf = (address: string) => placeKeys(parseAddress(address, names, '320100').parts);
const said = (address: string) => keysOf(address).map(({ level, name }) => `${level}:${name}`);

/** The closest level at which two addresses are the same place. */
function sharedLevel(a: string, b: string): string | null {
  const others = new Set(keysOf(b).map(({ key }) => key));
  const order = ['room', 'house', 'number', 'crossing', 'site', 'road'];
  const shared = keysOf(a).filter(({ key }) => others.has(key));
  return order.find((level) => shared.some((key) => key.level === level)) ?? null;
}

it('names a place once for every level', () => {
  expect(said('南京市鼓楼区中央路260号3栋2单元501室')).toEqual([
    'road:中央路',
    'number:中央路260号',
    'house:中央路260号3栋',
    'room:中央路260号3栋501室',
  ]);
  expect(said('麓谷明珠小区6栋')).toEqual(['site:麓谷明珠', 'house:麓谷明珠6栋']);
  expect(said('中山路与珠江路交叉口')).toEqual(['road:中山路', 'road:珠江路', 'crossing:中山路与珠江路']);
  expect(said('没有说在哪里')).toEqual([]);
});

it.each([
  ['中央路260号', '鼓楼区中央路２６０号门口', 'number'],
  ['中央路260号3栋', '南京市中央路260号三栋', 'house'],
  ['中央路260号3栋501室', '中央路260号3栋2单元501', 'room'],
  ['珠江路中山路口', '中山路与珠江路交叉口', 'crossing'],
  ['麓谷明珠小区6栋', '麓谷明珠6栋', 'house'],
  ['麓谷明珠小区', '岳麓区麓谷明珠家园', 'site'],
  ['中央路260号', '中央路26号', 'road'],
  ['中央路260号', '湖南路260号', null],
  ['琵琶花园3栋', '锦绣花园3栋', null],
  ['3栋501室', '3栋501室', null],
])('%s and %s agree by %s', (a, b, level) => {
  expect(sharedLevel(a, b)).toBe(level);
  expect(sharedLevel(b, a)).toBe(level);
});

it('keeps a list of places short', () => {
  const many = Array.from({ length: 40 }, (_, i) => `中央路${i + 1}号`).join('、');
  expect(keysOf(many).length).toBeLessThanOrEqual(12);
});
