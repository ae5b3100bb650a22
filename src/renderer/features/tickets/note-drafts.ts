/** Notes begun but not sent, by ticket: closing a ticket must not lose a half-written 补充. Forgotten with the window. */
const texts = new Map<string, string>();

/** The text begun for a ticket, empty when there is none. */
export function readNoteDraft(uid: string): string {
  return texts.get(uid) ?? '';
}

export function keepNoteDraft(uid: string, text: string): void {
  if (text === '') texts.delete(uid);
  else texts.set(uid, text);
}

/** True while a note is begun anywhere. */
export function hasNoteDrafts(): boolean {
  return texts.size > 0;
}

let owner = '';

/** Notes belong to one person: another one who signs in at this window does not see them. */
export function openNoteDrafts(user: string): void {
  if (owner !== '' && owner !== user) texts.clear();
  owner = user;
}
