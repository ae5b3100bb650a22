/** Hotline days are Beijing days wherever a console or server runs. China has had no daylight saving since 1991. */
const BEIJING_OFFSET_MS = 8 * 3_600_000;

/** yyyymmdd of the Beijing day. */
export function beijingDay(at: number): string {
  const date = new Date(at + BEIJING_OFFSET_MS);
  return String(date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate());
}

/** yyyy-MM-dd of the Beijing day. */
export function beijingDate(at: number): string {
  return new Date(at + BEIJING_OFFSET_MS).toISOString().slice(0, 10);
}

/** The ticket number people read and say: Beijing day of acceptance and the server's dense number, e.g. 20261122-00060001. */
export function formatTicketNumber(number: number, acceptedAt: number): string {
  return `${beijingDay(acceptedAt)}-${String(number).padStart(8, '0')}`;
}

/** The dense number out of a written ticket number (with or without the day), or null when it is none. */
export function parseTicketNumber(written: string): number | null {
  const match = /^\s*(?:(?:19|20)\d{6}-?)?(\d{8})\s*$/.exec(written);
  return match ? Number(match[1]) : null;
}

/** 暂编号 of a seat: 暂1001-1122-003 (seat, Beijing month and day, running number of that seat that day). */
export function formatProvisionalNo(seat: string, at: number, running: number): string {
  return `暂${seat}-${beijingDay(at).slice(4)}-${String(running).padStart(3, '0')}`;
}
