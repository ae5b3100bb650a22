import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import divisionFile from '#resources/divisions.json' with { type: 'json' };
import { createDivisionNames } from '#shared/domain/address/division-names.ts';
import { parseAddress } from '#shared/domain/address/parse-address.ts';
import { offerDivisions } from '#shared/domain/address/resolve-division.ts';
import { divisionFileSchema, listDivisions } from '#shared/domain/division.ts';
import { hasRealMessages, readRealMessages } from '#tests/support/real-messages.ts';

const file = divisionFileSchema.parse(divisionFile);
const divisions = listDivisions(file);
const names = createDivisionNames(file.province[1], divisions);
const NANJING = '320100';
const SUZHOU = '320500';

/** Pieces as kind:value, other text left out. */
function pieces(address: string, centre = NANJING): string {
  return parseAddress(address, names, centre)
    .parts.flatMap((part) => (part.kind === 'text' ? [] : [`${part.kind}:${part.value}`]))
    .join(' ');
}

/** What division is offered, as names joined; several choices with |. */
function divisionOf(address: string, centre = NANJING): string {
  const { division } = parseAddress(address, names, centre);
  return offerDivisions(division, null)
    .map((entry) => entry.names.join(''))
    .join('|');
}

function joined(address: string): string {
  return parseAddress(address, names, NANJING)
    .parts.map((part) => part.text)
    .join('');
}

describe('splitting an address', () => {
  it.each([
    [
      '南京市鼓楼区中央路260号3栋2单元501室',
      'city:南京市 district:鼓楼区 road:中央路 number:260 building:3 unit:2 room:501',
    ],
    [
      '江苏省南京市鼓楼区宁海路街道北京西路２６０号',
      'province:江苏省 city:南京市 district:鼓楼区 street:宁海路街道 road:北京西路 number:260',
    ],
    ['江苏 南京 鼓楼区 中央路 260号', 'province:江苏 city:南京 district:鼓楼区 road:中央路 number:260'],
    ['鼓楼中央路260号', 'district:鼓楼 road:中央路 number:260'],
    ['中央路260', 'road:中央路 number:260'],
    ['虎踞北路甲12号-3', 'road:虎踞北路 number:甲12-3'],
    ['中央路260弄12号', 'road:中央路 number:260弄12'],
    ['解放南路二十号十二栋', 'road:解放南路 number:20 building:12'],
    ['锁金村5号3栋', 'village:锁金村 number:5 building:3'],
    ['琵琶花园3-2-501', 'community:琵琶花园 building:3 unit:2 room:501'],
    ['翠林山庄7幢', 'community:翠林山庄 building:7'],
    ['百家湖花园东区12幢305', 'community:百家湖花园 building:12 room:305'],
    ['阳光花园三期6栋二单元三楼', 'community:阳光花园 building:6 unit:2 floor:3'],
    ['麓谷明珠小区6栋', 'community:麓谷明珠 building:6'],
    ['尧佳路米兰春天Ｇ2栋320', 'road:尧佳路 community:米兰春天 building:G2 room:320'],
    ['江东中路98号万达广场A座1203室', 'road:江东中路 number:98 landmark:万达广场 building:A room:1203'],
    ['钟灵街50号院3号楼1单元202', 'road:钟灵街 number:50 building:3 unit:1 room:202'],
  ])('%s', (address, expected) => {
    expect(pieces(address)).toBe(expected);
  });

  it.each([
    ['建邺路与中山南路交叉口东北侧', 'road:建邺路 road:中山南路 crossing: direction:东北侧'],
    ['中央路和建宁路交叉口', 'road:中央路 road:建宁路 crossing:'],
    ['龙蟠路、花园路路口', 'road:龙蟠路 road:花园路 crossing:'],
    ['东面、西面农田', 'direction:东面 direction:西面 landmark:'],
    ['中央路260号对面', 'road:中央路 number:260 direction:对面'],
    ['小区门口往西200米', 'community: landmark: direction:往西200米'],
    ['南京邮电大学北门旁', 'landmark:南京邮电大学 landmark: direction:旁'],
    ['白马镇石头寨村三组东面农田', 'street:白马镇 village:石头寨村 group:3 direction:东面 landmark:'],
    ['金鼎村七里组12号', 'village:金鼎村 group:七里 number:12'],
    ['新街口地铁站3号口', 'landmark:新街口地铁站'],
  ])('keeps crossings, landmarks and directions as told: %s', (address, expected) => {
    expect(pieces(address)).toBe(expected);
  });

  it.each([
    ['我住在中央路260号附近', 'road:中央路 number:260 direction:附近'],
    ['反映中央路路灯不亮', 'road:中央路'],
    ['11月6号晚上中央路', 'road:中央路'],
    ['附近的马路', 'direction:附近'],
    ['开发区', 'landmark:'],
  ])('takes an address out of a sentence: %s', (address, expected) => {
    expect(pieces(address)).toBe(expected);
  });

  it.each(['建设路', '模范马路', '五一路', '公园路', '南湖东路', '和平路', '将军大道', '向阳路', '三牌楼大街'])(
    'reads %s as one road',
    (road) => {
      expect(pieces(`${road}8号`)).toBe(`road:${road} number:8`);
    },
  );

  it('finds nothing in nothing', () => {
    expect(parseAddress('', names, NANJING)).toEqual({ parts: [], division: null });
    expect(pieces('。，、 ')).toBe('');
  });

  it('works without the list of divisions', () => {
    const { parts, division } = parseAddress('合肥市蜀山区长江西路130号', null, NANJING);
    expect(parts.map((part) => part.kind)).toEqual(['city', 'district', 'road', 'number']);
    expect(division).toBeNull();
  });
});

describe('the division of an address', () => {
  it.each([
    ['南京市鼓楼区中央路260号', '南京市鼓楼区'],
    ['鼓楼区中央路260号', '南京市鼓楼区'],
    ['鼓楼中央路260号', '南京市鼓楼区'],
    ['徐州市鼓楼区环城路12号', '徐州市鼓楼区'],
    ['徐州鼓楼琵琶花园', '徐州市鼓楼区'],
    ['江宁区秣陵街道双龙大道', '南京市江宁区秣陵街道'],
    ['秣陵街道办事处门口', '南京市江宁区秣陵街道'],
    ['鼓楼区中央门', '南京市鼓楼区中央门街道'],
    ['白马镇石头寨村', '南京市溧水区白马镇'],
    ['淮安', '淮安市'],
    ['淮安区', '淮安市淮安区'],
    ['盱眙县', '淮安市盱眙县'],
  ])('%s → %s', (address, division) => {
    expect(divisionOf(address)).toBe(division);
  });

  it('settles a name of several cities by the own city only', () => {
    expect(divisionOf('鼓楼区', NANJING)).toBe('南京市鼓楼区');
    expect(divisionOf('鼓楼区', '320300')).toBe('徐州市鼓楼区');
    expect(divisionOf('鼓楼区', SUZHOU)).toBe('南京市鼓楼区|徐州市鼓楼区');
    expect(divisionOf('鼓楼区', '320000')).toBe('南京市鼓楼区|徐州市鼓楼区');
    expect(divisionOf('刘集镇河西村')).toBe('徐州市铜山区刘集镇|扬州市仪征市刘集镇|宿迁市沭阳县刘集镇');
  });

  it.each([
    '鼓楼医院门口',
    '建邺路与中山南路',
    '雨花台烈士陵园',
    '南京路12号',
    '玄武门地铁站',
    '栖霞山',
    '中央路',
    '开发区科创路',
  ])('does not take %s for a division', (address) => {
    expect(divisionOf(address)).toBe('');
  });

  it('offers nothing that is chosen already', () => {
    const { division } = parseAddress('鼓楼区中央路', names, NANJING);
    expect(offerDivisions(division, '320106')).toEqual([]);
    expect(offerDivisions(division, '320106003')).toEqual([]);
    expect(offerDivisions(division, '320100').map((entry) => entry.code)).toEqual(['320106']);
    expect(offerDivisions(division, '320104').map((entry) => entry.code)).toEqual(['320106']);
    const ambiguous = parseAddress('鼓楼区', names, SUZHOU).division;
    expect(offerDivisions(ambiguous, '320302')).toEqual([]);
  });

  it('finds every city, district, street and town by its full path', () => {
    for (const entry of divisions) {
      const generic = /(?:^|[^\p{Script=Han}])(?:经济|高新|技术|产业)*(?:开发区|高新区|园区|新区)$|^.{1,3}$/u.test(
        entry.names.at(-1) ?? '',
      );
      if (generic && entry.level === 'street') continue;
      expect(divisionOf(`${entry.names.join('')}人民路1号`)).toBe(entry.names.join(''));
    }
  });
});

describe('losing nothing', () => {
  const vocabulary = fc.constantFrom(
    ...'南京市 鼓楼区 鼓楼 江苏省 宁海路街道 中央路 路 号 260 ２６ 3栋 单元 501室 小区 东面 对面 、 ， （ ） 交叉口 与 村 组 三 十 的 在 - # A '.split(
      ' ',
    ),
    '\uD83D\uDE00',
    '\uD83D',
    '\u0000',
    '𠮷',
    'שלום',
  );

  it('keeps any text, character for character', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(vocabulary).map((words) => words.join('')),
        ),
        (text) => {
          expect(joined(text)).toBe(text);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('never makes an empty piece', () => {
    fc.assert(
      fc.property(fc.array(vocabulary), (words) => {
        const { parts } = parseAddress(words.join(''), names, NANJING);
        expect(parts.every((part) => part.text !== '')).toBe(true);
      }),
    );
  });

  it('reads a paste of 10,000 characters', () => {
    const text = '南京市鼓楼区中央路260号3栋2单元501室，'.repeat(400);
    expect(joined(text)).toBe(text);
  });

  it.skipIf(!hasRealMessages('hot.jsonl') || !hasRealMessages('replied.jsonl'))(
    'keeps the words of real messages, and finds places in most of their titles',
    () => {
      const messages = [...readRealMessages('hot.jsonl'), ...readRealMessages('replied.jsonl')];
      for (const { title, body } of messages) {
        expect(joined(title)).toBe(title);
        expect(joined(body)).toBe(body);
      }
      const placed = messages.filter(({ title }) => pieces(title) !== '');
      expect(placed.length / messages.length).toBeGreaterThan(0.8);
    },
  );
});
