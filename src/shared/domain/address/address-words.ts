import type { AddressPartKind } from './address-part.ts';
import { UnitSet } from './address-text.ts';

/** A kind of named place and the ends by which its names are recognised. */
export interface NameEnding {
  readonly kind: Extract<
    AddressPartKind,
    'district' | 'street' | 'road' | 'community' | 'village' | 'landmark' | 'crossing'
  >;
  readonly ending: string;
  readonly length: number;
  /** Units that must not follow: then the ending belongs to another word. */
  readonly notBefore: ReadonlySet<number>;
  /** A single character that ends many other words as well: only where a name may end (see {@link NAME_BORDER}). */
  readonly isWeak: boolean;
}

const split = (words: string) => words.trim().split(/\s+/);

const endings: NameEnding[] = [];
function add(kind: NameEnding['kind'], words: string, notBefore = '', isWeak = false): void {
  const units = new Set(Array.from(notBefore, (character) => character.charCodeAt(0)));
  for (const ending of split(words)) {
    endings.push({ kind, ending, length: ending.length, notBefore: units, isWeak });
  }
}

add('road', '大道 大街 公路 快速路 高架路 胡同');
add('road', '路', '灯面基况由过上程政人虎障权网线子径标牌');
add('road', '街', '道办口坊区头上面');
add('road', '巷', '道口子');
add('street', '街道办事处 街道办 街道', '上两');
add('street', '镇', '上里政江长级干党村区');
add('street', '乡', '村镇道下里亲间干');
add('community', '小区 花园 花苑 家园 新村 公寓 山庄 华府 名都 豪庭 新城 社区 人家 别墅 家属院 宿舍');
add('community', '苑 府 庭 湾 郡 城 园 坊 邸 墅 里 轩 居', '', true);
add('village', '村', '民委口里道级庄支部内务镇上');
add(
  'landmark',
  `幼儿园 小学 中学 学校 大学城 大学 学院 校区 分校 医院 卫生院 卫生室 卫生站 诊所 超市 商场 商城 百货 购物中心 菜场 菜市场 农贸市场 批发市场 市场
   地铁站 火车站 公交站 汽车站 客运站 车站 站台 收费站 加油站 加气站 服务区 派出所 政府 法院 银行 酒店 宾馆 饭店 餐厅 公园 广场 大厦 大楼 写字楼
   停车场 车库 工地 项目部 公司 工厂 立交桥 立交 大桥 天桥 隧道 水库 泵站 农田 果园 鱼塘 菜地 林地 教堂 陵园 公墓 博物馆 图书馆 体育馆 体育场
   体育中心 影院 剧院 垃圾站 中转站 变电站 配电房 物流园 工业园 科技园 产业园 开发区 园区 景区 敬老院 养老院 居委会 村委会 服务中心 政务中心 大门
   东门 南门 西门 北门 正门 后门 侧门 出口 入口 出入口 门口 驾校 搅拌站 步行街 商业街 美食街 养殖场 屠宰场 采石场 码头 机场 火葬场`,
);
add('landmark', '桥 河 湖 塘 厂 店 寺 塔 沟 渠 闸 坝', '', true);
add('crossing', '交叉口 交叉路口 十字路口 丁字路口 三岔路口 岔路口 交汇处 交界处 交叉处 路口 道口 拐角 转角');

/** Endings by their first unit, the longest first. */
export const NAME_ENDINGS: ReadonlyMap<number, readonly NameEnding[]> = new Map(
  [...Map.groupBy(endings, ({ ending }) => ending.charCodeAt(0))].map(([first, list]) => [
    first,
    list.sort((a, b) => b.ending.length - a.ending.length),
  ]),
);

/** After a weak ending a name may only stop here: end, sign, digit, direction, part of an estate. */
export const NAME_BORDER =
  /^(?:$|[^\p{Script=Han}]|[一二三四五六七八九十]+[期区栋幢座号单]|[东南西北]?(?:区|门|苑)|[东南西北]{0,2}[面侧边头端]|旁|[对附隔前后][面近壁]|小区|社区|门口|物业|楼|里面|内|处|业主)/u;

/** Chinese characters that {@link NAME_BORDER} begins with. */
export const NAME_BORDER_STARTS = UnitSet.of(
  '一二三四五六七八九十区门苑东南西北面侧边头端旁对附隔前后小社物楼里内处业',
);

/** 三期, B区, 东苑: belongs to the name of an estate. */
export const ESTATE_PART = /(?:[一二三四五六七八九十\d]{1,2}期|[A-Z东南西北一二三四五六七八九十]区|[东南西北]苑)/y;

/** Words that end in 路 or 村 and name no road or village. */
export const NO_NAME =
  /^(?:[道马公铁线电水走过大小半修出本该此这那条网通回老主支干辅土泥上下让问堵拦领同各门后前顺沿绕]|水泥|柏油|沥青|断头|乡村|农村|乡镇|盲|条条|门前|周边|主干|双向|快速|高速|城区|整条|两条|全|各个?|本|我|该|此|这个|那个|某|每个?|一个|城市|居民|住宅|商业|老旧|步行|美食|农贸)$/;

/** A name does not run across these: they belong to the sentence around it. */
export const NO_NAME_CHARACTERS = UnitSet.of(
  '的了是近在我你他她它们这那有被把请对从与及或但因没也就很吗呢吧啊跟给让又再已只些每该此',
);
/** The same for whole words, which are passed over as text. */
export const TEXT_WORDS = split(
  `反映 关于 咨询 投诉 举报 建议 求助 家住 现住 居住 位于 座落 坐落 处于 地址 地点 地处 靠近 途经 经过 来自 村民 居民 业主 市民 住户 沿着 到达
   要求 影响 存在 出现 导致 造成 发生 尊敬 领导 您好 你好 严重 问题 情况 严查 管理 占用 违规 违法 擅自 施工 早上 晚上 凌晨 夜间 白天 上午 下午 中午`,
);

/** Words of the sentence and endings of names that have two characters or more. */
export const ADDRESS_WORDS: readonly string[] = [
  ...TEXT_WORDS,
  ...endings.map(({ ending }) => ending).filter((ending) => ending.length > 1),
];

const SIDES = '东南|东北|西南|西北|正东|正南|正西|正北|东|南|西|北';
/** Characters a direction may begin with. */
export const DIRECTION_STARTS = UnitSet.of(
  '往向朝以约距大东西南北正前后左右方走斜对旁附周四隔背上下中之门楼里外内沿一交两路0123456789',
);
/** Chinese characters that the second one of a direction may be. */
export const DIRECTION_SECONDS = UnitSet.of(
  '东南西北正前后左右方走约大离向米公千面侧边头端角段首部半对过门近围周壁手间外内下上顶里线街途带界旁',
);
/** Words of direction and distance, kept as told. */
export const DIRECTION = new RegExp(
  [
    `(?:往|向|朝|以|约|距离?)?(?:${SIDES}|前|后|左|右)?(?:方向|走)?\\s*(?:约|大约)?\\s*\\d+(?:\\.\\d+)?\\s*(?:米|公里|千米|M|KM)(?:处|左右|远)?`,
    `(?:往|向|朝|以)(?:${SIDES})(?:方向|边|面|侧)?`,
    `(?:${SIDES})(?:面|侧|边|头|端|角|方向|段|首|部|半幅|向)`,
    '斜?对(?:面|过|门)|旁边|旁|附近|周边|周围|四周|隔壁|背后|背面|后面|前面|后方|前方|后侧|前侧|左侧|右侧|左边|右边|左手边|右手边|上方|下方|中间|之间|门前|门外|门内|楼下|楼上|楼顶|里面|外面|内侧|外侧|里侧|沿线|沿街|沿途|一带|交界|两侧|两边|路边|路旁|路面',
    `(?:${SIDES})(?=$|[^\\p{Script=Han}])`,
  ].join('|'),
  'uy',
);
