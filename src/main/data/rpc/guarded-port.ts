/** A MessagePort of Electron's utility process or of Node, as far as it is needed here. */
export interface DataPort {
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(data: unknown): void;
  start?(): void;
  close?(): void;
}

/** Longer messages are dropped unread; the largest proper one, a full form, stays far below. */
const LONGEST_MESSAGE = 4 * 1024 * 1024;

/**
 * A port that lets only well-formed calls through. What is none is dropped without an answer (there is no call to answer to)
 * instead of failing inside the library, where nobody could catch it.
 * @param onNonsense told of every dropped message
 */
export function guardPort(port: DataPort, onNonsense: () => void) {
  return {
    on: (event: string, listener: (message?: { data: unknown }) => void): void => {
      if (event === 'close') port.on('close', () => listener());
      if (event !== 'message') return;
      port.on('message', (message) => {
        const data = dataOf(message);
        if (isCall(data)) listener({ data });
        else onNonsense();
      });
    },
    postMessage: (data: unknown): void => port.postMessage(data),
  };
}

/** Electron hands over an event with `data`, Node the data itself. */
function dataOf(message: unknown): unknown {
  return isRecord(message) && 'data' in message ? message.data : message;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

const REQUEST = 1;
const EVENT = 3;
const ABORT = 4;

/** Headers would make the library read the body as a file or form; only the one of a resumed stream is let through. */
function hasNoHeaders(headers: unknown): boolean {
  if (headers === undefined) return true;
  return isRecord(headers) && Object.keys(headers).every((name) => name === 'last-event-id');
}

/** True for a text that the message-port protocol of the library can decode: a call, an event of a stream, the end of a call. */
function isCall(data: unknown): data is string {
  if (typeof data !== 'string' || data.length > LONGEST_MESSAGE) return false;
  try {
    const message: unknown = JSON.parse(data);
    if (!isRecord(message) || typeof message.i !== 'string') return false;
    const { t: type = REQUEST, p: payload } = message;
    if (type === ABORT) return true;
    if (type === EVENT) return isRecord(payload);
    if (type !== REQUEST || !isRecord(payload) || typeof payload.u !== 'string' || !payload.u.startsWith('/'))
      return false;
    return hasNoHeaders(payload.h) && (payload.m === undefined || typeof payload.m === 'string');
  } catch {
    return false;
  }
}
