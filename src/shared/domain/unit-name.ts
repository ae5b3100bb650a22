/** Most characters of the name of a unit or an office. */
export const UNIT_NAME_MAX = 60;

/** The kind of unit that stands for the street or town of the place. */
export const STREET_OFFICE = '街道办事处';

/**
 * Name of a unit at a place: 区城管局 → 鼓楼区城管局, 市医保局 → 南京市医保局, 供水公司 → 南京市供水公司, 街道办事处 →
 * 鼓楼区湖南路街道办事处. As much of it as the place is known.
 * @param unit kind of unit as the category tree names it
 * @param divisions names of the place from the city down: city, district, street
 */
export function nameUnit(unit: string, divisions: readonly string[]): string {
  const [city, district, street] = divisions;
  if (city === undefined) return unit;
  if (unit === STREET_OFFICE) {
    if (district === undefined) return unit;
    if (street === undefined) return district + unit;
    return `${district}${street}${/[镇乡]$/.test(street) ? '人民政府' : '办事处'}`;
  }
  if (unit.startsWith('区')) return district === undefined ? unit : district + unit.slice(1);
  return city + (unit.startsWith('市') ? unit.slice(1) : unit);
}
