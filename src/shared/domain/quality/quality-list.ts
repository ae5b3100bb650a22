/** 待质检 已评 申诉 标定, and 我的质检 of whoever was checked. */
export const QUALITY_LISTS = ['to_check', 'checked', 'appealed', 'calibration', 'mine'] as const;
export type QualityList = (typeof QUALITY_LISTS)[number];

/** The orders of such a list, the one it begins with first: what waits is worked off from its oldest end. */
export function qualitySortsOf(list: QualityList): readonly ['oldest', 'newest'] | readonly ['newest', 'oldest'] {
  return list === 'to_check' || list === 'appealed' ? ['oldest', 'newest'] : ['newest', 'oldest'];
}

/** True for the name of one of them. */
export function isQualityList(name: string): name is QualityList {
  return QUALITY_LISTS.some((list) => list === name);
}
