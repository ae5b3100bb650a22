/**
 * Stands in a decoded text for bytes that mean nothing in the encoding. No decoder ever gives a lone surrogate, so it cannot
 * be confused with what somebody wrote, as U+FFFD could.
 */
export const UNDECODABLE = '\udfff';

/** Bytes of one line that are held until its end is there; a longer line is refused anyway. */
const MAX_HELD = 4 * 1024 * 1024;

/** True when text of that encoding can be read here. */
export function isKnownEncoding(label: string): boolean {
  try {
    new TextDecoder(label);
    return true;
  } catch {
    return false;
  }
}

/**
 * Decodes a file piece by piece. What cannot be decoded becomes {@link UNDECODABLE} in the line it stands in and spoils no
 * other line. A byte order mark at the start is taken away.
 * @param encoding a name for which {@link isKnownEncoding} is true
 */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<string> {
  let isStart = true;
  for await (const text of isByteWise(encoding) ? decodeLines(bytes, encoding) : decodeStream(bytes, encoding)) {
    yield isStart && text.startsWith('\ufeff') ? text.slice(1) : text;
    if (text !== '') isStart = false;
  }
}

/** In these encodings a line end is not always the byte of a line end, so a text cannot be cut there before it is decoded. */
function isByteWise(encoding: string): boolean {
  return !/^(utf-16|iso-2022)/.test(new TextDecoder(encoding).encoding);
}

async function* decodeLines(source: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<string> {
  const strict = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const lenient = new TextDecoder(encoding, { ignoreBOM: true });
  const decode = (bytes: Buffer): string => {
    try {
      return strict.decode(bytes);
    } catch {
      return cutLines(bytes)
        .map((line) => decodeLine(line, strict, lenient))
        .join('');
    }
  };
  let held: Buffer[] = [];
  let heldBytes = 0;
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const end = Math.max(bytes.lastIndexOf(0x0a), bytes.lastIndexOf(0x0d)) + 1;
    if (end === 0 && heldBytes + bytes.length <= MAX_HELD) {
      held.push(bytes);
      heldBytes += bytes.length;
      continue;
    }
    const cut = end === 0 ? bytes.length : end;
    yield decode(Buffer.concat([...held, bytes.subarray(0, cut)]));
    held = [bytes.subarray(cut)];
    heldBytes = bytes.length - cut;
  }
  yield decode(Buffer.concat(held));
}

function decodeLine(line: Buffer, strict: TextDecoder, lenient: TextDecoder): string {
  try {
    return strict.decode(line);
  } catch {
    return lenient.decode(line).replaceAll('\ufffd', UNDECODABLE);
  }
}

/** Lines with their ends. */
function cutLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 0x0a && bytes[at] !== 0x0d) continue;
    lines.push(bytes.subarray(start, at + 1));
    start = at + 1;
  }
  lines.push(bytes.subarray(start));
  return lines;
}

/** U+FFFD counts as undecodable here, also in the rare case that somebody wrote it. */
async function* decodeStream(source: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  for await (const bytes of source) {
    yield decoder.decode(bytes, { stream: true }).replaceAll('\ufffd', UNDECODABLE);
  }
  yield decoder.decode().replaceAll('\ufffd', UNDECODABLE);
}
