/** Characters are made from this many bytes at a time: a call takes only so many arguments. */
const AT_ONCE = 0x8000;

/** Bytes as they travel between window, data process and shell. */
export function toBase64(bytes: Uint8Array): string {
  let characters = '';
  for (let from = 0; from < bytes.length; from += AT_ONCE) {
    characters += String.fromCharCode(...bytes.subarray(from, from + AT_ONCE));
  }
  return btoa(characters);
}

/** @throws when it is no base64 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
