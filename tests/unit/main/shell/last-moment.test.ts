import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchIdle } from '#main/shell/idle-watch.ts';
import { createSessionLock } from '#main/shell/session-lock.ts';
import { askBeforeClosing } from '#main/shell/window-closing.ts';
import type { CloseRequest } from '#shared/contract/shell.contract.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('locking the session', () => {
  const open = () => {
    const events: string[] = [];
    const lock = createSessionLock(
      () => events.push('asked'),
      () => events.push('locked'),
    );
    return { lock, events };
  };

  it('asks the page first and locks with its answer', () => {
    const { lock, events } = open();
    lock.request();
    expect(events).toEqual(['asked']);
    lock.confirm();
    expect(events).toEqual(['asked', 'locked']);
    vi.advanceTimersByTime(10_000);
    expect(events).toEqual(['asked', 'locked']);
  });

  it('locks after 300 ms without an answer, counted from the first request', () => {
    const { lock, events } = open();
    lock.request();
    vi.advanceTimersByTime(200);
    lock.request();
    vi.advanceTimersByTime(99);
    expect(events).toEqual(['asked', 'asked']);
    vi.advanceTimersByTime(1);
    expect(events).toEqual(['asked', 'asked', 'locked']);
  });

  it('takes an answer to nothing for nothing: a late one must not lock a session that was opened again', () => {
    const { lock, events } = open();
    lock.confirm();
    expect(events).toEqual([]);
  });
});

describe('AU-5: watching whether somebody is there', () => {
  const MINUTE = 60_000;

  /** A workstation whose last input was `idle` ago at the start and that nobody touches unless the test does. */
  function sit(idle: number, hasSystemClock = true) {
    let systemAt = -idle;
    let now = 0;
    let told = 0;
    const watch = watchIdle({
      limitMs: 10 * MINUTE,
      systemIdleMs: () => (hasSystemClock ? now - systemAt : Number.POSITIVE_INFINITY),
      elapsed: () => now,
      onIdle: () => {
        told += 1;
      },
    });
    const pass = (ms: number) => {
      for (const end = now + ms; now < end; ) {
        now += 15_000;
        vi.advanceTimersByTime(15_000);
      }
      return told;
    };
    const move = () => {
      systemAt = now;
    };
    return { watch, pass, move };
  }

  it('tells after ten minutes without a key or movement, and goes on telling', () => {
    const { pass } = sit(0);
    expect(pass(9 * MINUTE)).toBe(0);
    expect(pass(MINUTE)).toBe(1);
    expect(pass(MINUTE)).toBe(5);
  });

  it('counts from the start of the console, what happens elsewhere on the workstation, and in its own windows', () => {
    const long = sit(60 * MINUTE);
    expect(long.pass(9 * MINUTE)).toBe(0);
    long.move();
    expect(long.pass(9 * MINUTE)).toBe(0);
    const remote = sit(0, false);
    expect(remote.pass(9 * MINUTE)).toBe(0);
    remote.watch.touch();
    expect(remote.pass(9 * MINUTE)).toBe(0);
    expect(remote.pass(MINUTE)).toBe(1);
  });
});

/** A window as Electron has it: closing can be prevented, and ends with `closed`. */
function openWindow() {
  const events = new EventEmitter();
  let isOpen = true;
  const window = {
    on: events.on.bind(events),
    destroy: () => {
      isOpen = false;
      events.emit('closed');
    },
    close: () => {
      let isPrevented = false;
      events.emit('close', {
        preventDefault: () => {
          isPrevented = true;
        },
      });
      if (!isPrevented) window.destroy();
    },
  } as unknown as BrowserWindow;
  return { window, isOpen: () => isOpen };
}

describe('closing the window', () => {
  it('waits for the page and closes with its answer', () => {
    const { window, isOpen } = openWindow();
    const requests: CloseRequest[] = [];
    const closing = askBeforeClosing(
      window,
      () => false,
      (request) => requests.push(request),
    );
    window.close();
    expect(isOpen()).toBe(true);
    expect(requests).toEqual([{ mayAsk: true }]);
    closing.answer('now');
    expect(isOpen()).toBe(false);
  });

  it('stays while a person is asked, for as long as that takes, and asks again the next time', () => {
    const { window, isOpen } = openWindow();
    let requests = 0;
    const closing = askBeforeClosing(
      window,
      () => false,
      () => {
        requests += 1;
      },
    );
    window.close();
    closing.answer('asking');
    vi.advanceTimersByTime(3_600_000);
    expect(isOpen()).toBe(true);
    window.close();
    expect(requests).toBe(2);
  });

  it('does not wait for a page that hangs', () => {
    const { window, isOpen } = openWindow();
    askBeforeClosing(
      window,
      () => false,
      () => {},
    );
    window.close();
    vi.advanceTimersByTime(1_000);
    expect(isOpen()).toBe(false);
  });

  it('lets the page save but not ask when the application ends as a whole', () => {
    const { window } = openWindow();
    const requests: CloseRequest[] = [];
    askBeforeClosing(
      window,
      () => true,
      (request) => requests.push(request),
    );
    window.close();
    expect(requests).toEqual([{ mayAsk: false }]);
  });
});
