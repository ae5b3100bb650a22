/** A moment in Beijing time, epoch ms. @param text `2026-02-14 10:00` */
export function beijing(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}:00+08:00`);
}
