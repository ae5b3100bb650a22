/** Memory for the tokens of some hundred rows. */
const CHUNK = 1024 * 1024;
/** Bytes of a UTF-16 unit in UTF-8 at most. */
const WIDEST = 3;

const encoder = new TextEncoder();

/**
 * Tokens as UTF-8, many in the same memory: as strings they were copied on their way to the thread that writes, and encoded there, which has
 * the most to do.
 */
export class TokenBytes {
  #chunk = new Uint8Array(CHUNK);
  #end = 0;

  encode(tokens: string): Uint8Array {
    const most = tokens.length * WIDEST;
    if (this.#chunk.length - this.#end < most) {
      this.#chunk = new Uint8Array(Math.max(CHUNK, most));
      this.#end = 0;
    }
    const begin = this.#end;
    this.#end += encoder.encodeInto(tokens, this.#chunk.subarray(begin)).written;
    return this.#chunk.subarray(begin, this.#end);
  }
}
