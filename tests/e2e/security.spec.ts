import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ConsoleApp } from '../../scripts/driver/console-app.ts';
import { waitFor } from '../../scripts/driver/wait-for.ts';
import { openSandboxUser, type SandboxUser } from '../support/sandbox-user.ts';
import { openTrapServer, type TrapServer } from '../support/trap-server.ts';
import { AGENT, test as base, expect } from './world.ts';

/** The application as a person without root's rights starts it, with Chromium's real sandbox. */
const test = base.extend<{ user: SandboxUser; app: ConsoleApp; trap: TrapServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture needs from this pattern
  user: async ({}, use) => {
    const user = openSandboxUser();
    base.skip(user === null, 'no sandbox on this machine');
    if (!user) return;
    await use(user);
    user.close();
  },
  app: async ({ user, lonelyWorld }, use) => {
    const app = await lonelyWorld.startApp({ ...user.launch, profileDir: user.makeFolder('profile') });
    await waitFor('the phone window is there', () => app.electron.windows().length === 2);
    await use(app);
    // Before the person's folders go.
    await app.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  trap: async ({}, use) => {
    const trap = await openTrapServer();
    // The trap works: whatever is not refused would be seen.
    await fetch(`${trap.origin}/trial`);
    expect(trap.hits.splice(0)).toEqual(['GET /trial']);
    await use(trap);
    await trap.close();
  },
});

test("WIN-2: every page runs in the operating system's sandbox with safe preferences", async ({ app }) => {
  const windows = await app.electron.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => {
      const withPreferences = contents as unknown as { getLastWebPreferences(): Record<string, unknown> };
      return {
        url: contents.getURL().split('?')[0],
        pid: contents.getOSProcessId(),
        preferences: withPreferences.getLastWebPreferences(),
      };
    }),
  );
  expect(windows.map(({ url }) => url).sort()).toEqual(['app://bundle/index.html', 'app://bundle/phone.html']);
  for (const { pid, preferences } of windows) {
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
    });
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    expect(status).toMatch(/^Seccomp:\s+2$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(status).not.toMatch(/^Uid:\s+0/m);
  }
});

test('IPC-5: a page has the two named functions and nothing of Electron or Node', async ({ app }) => {
  const found = await app.page.evaluate(() => ({
    hotline: Object.keys(window.hotline).sort(),
    frozen: Object.isFrozen(window.hotline),
    globals: ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer', 'electron', '__dirname'].filter(
      (name) => name in window,
    ),
  }));
  expect(found).toEqual({ hotline: ['invoke', 'on'], frozen: true, globals: [] });
});

test('IPC-1, IPC-2: only the channels of the contract, only from the top frame of a window of ours', async ({
  app,
}) => {
  const unknown = await app.page.evaluate(() =>
    Promise.all(
      ['shell:quit', 'shell:info ', '__proto__', 'toString', 'ELECTRON_BROWSER_REQUIRE'].map((channel) =>
        (window.hotline.invoke as (channel: string, input: unknown) => Promise<unknown>)(channel, undefined).then(
          () => 'answered',
          (error: Error) => error.message,
        ),
      ),
    ),
  );
  expect(
    unknown.every((answer) => answer.includes('NOT_FOUND')),
    unknown.join(),
  ).toBe(true);

  // A frame inside the page gets no bridge at all.
  const inFrame = await app.page.evaluate(() => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const has = frame.contentWindow !== null && 'hotline' in frame.contentWindow;
    frame.remove();
    return has;
  });
  expect(inFrame).toBe(false);

  // A window that the factory did not make is refused although it has the same preload and origin.
  const foreign = await app.electron.evaluate(
    async ({ BrowserWindow }, preload) => {
      const answers: string[] = [];
      for (const url of ['app://bundle/index.html', 'data:text/html,<p>', 'about:blank']) {
        const window = new BrowserWindow({
          show: false,
          webPreferences: { preload, partition: 'hotline', sandbox: true },
        });
        await window.loadURL(url);
        answers.push(
          await window.webContents.executeJavaScript(
            "hotline.invoke('shell:info', undefined).then(() => 'answered', (error) => error.message)",
          ),
        );
        window.destroy();
      }
      return answers;
    },
    await preloadOf(app),
  );
  for (const answer of foreign) expect(answer).toContain('FORBIDDEN');
});

test('IPC-6: a flood of calls is stopped and the page goes on answering', async ({ app }) => {
  const { refused, longestMs } = await app.page.evaluate(async () => {
    let longest = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 10);
    const answers = await Promise.all(
      Array.from({ length: 500 }, () =>
        window.hotline.invoke('shell:info', undefined).then(
          () => 'answered',
          (error: Error) => error.message,
        ),
      ),
    );
    clearInterval(watch);
    return { refused: answers.filter((answer) => answer.includes('RATE_LIMITED')).length, longestMs: longest };
  });
  expect(refused).toBeGreaterThan(300);
  expect(longestMs).toBeLessThan(200);
});

test('WIN-3, WIN-4: no other document, window, frame or download', async ({ app, trap }) => {
  const start = app.page.url();
  const opened = await app.page.evaluate(async (origin) => {
    const results: Record<string, unknown> = {};
    results.open = window.open(`${origin}/open`) === null;
    results.openBlank = window.open('about:blank') === null;
    const frame = document.createElement('iframe');
    frame.src = `${origin}/frame`;
    document.body.append(frame);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['x']));
    link.download = 'x.txt';
    document.body.append(link);
    link.click();
    const outside = document.createElement('a');
    outside.href = `${origin}/link`;
    document.body.append(outside);
    outside.click();
    const form = document.createElement('form');
    form.action = `${origin}/form`;
    form.method = 'post';
    document.body.append(form);
    form.submit();
    window.location.assign(`${origin}/assign`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (const element of [frame, link, outside, form]) element.remove();
    return results;
  }, trap.origin);
  expect(opened).toEqual({ open: true, openBlank: true });
  expect(app.page.url()).toBe(start);
  expect(await app.electron.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(2);
  expect(trap.hits).toEqual([]);
});

test('CSP-1: no way of loading or running anything that is not in the bundle', async ({ app, trap }) => {
  const ran = await app.page.evaluate(async (origin) => {
    const add = (html: string) => {
      const box = document.createElement('div');
      box.innerHTML = html;
      document.body.append(box);
      return box;
    };
    const element = <T extends HTMLElement>(tag: string, properties: Partial<T> & Record<string, unknown>) => {
      const made = Object.assign(document.createElement(tag), properties);
      document.head.append(made);
      return made;
    };
    const errors: string[] = [];
    const attempt = async (name: string, run: () => unknown) => {
      try {
        await run();
      } catch {
        errors.push(name);
      }
    };
    element('script', { src: `${origin}/script.js` });
    element('script', { textContent: 'window.wasTrapped = "inline"' });
    element('script', { type: 'module', textContent: `import '${origin}/module.js'` });
    element('link', { rel: 'stylesheet', href: `${origin}/style.css` });
    element('link', { rel: 'prefetch', href: `${origin}/prefetch` });
    element('link', { rel: 'preload', as: 'script', href: `${origin}/preload.js` });
    element('link', { rel: 'modulepreload', href: `${origin}/modulepreload.js` });
    element('link', { rel: 'manifest', href: `${origin}/manifest.json` });
    element('base', { href: `${origin}/` });
    element('meta', { httpEquiv: 'refresh', content: `0;url=${origin}/refresh` });
    add(`<img src="${origin}/img"><video src="${origin}/video" autoplay></video><audio src="${origin}/audio"></audio>`);
    add(`<object data="${origin}/object"></object><embed src="${origin}/embed">`);
    add(`<img src=x onerror="window.wasTrapped='handler'"><svg onload="window.wasTrapped='svg'">`);
    add(`<style>@import url(${origin}/import.css); body { background: url(${origin}/bg.png) }</style>`);
    add(`<a href="javascript:window.wasTrapped='url'" id="trap">x</a>`).querySelector('a')?.click();
    await attempt('fetch', () => fetch(`${origin}/fetch`));
    await attempt('fetch file', () => fetch('file:///etc/passwd'));
    await attempt('import', () => import(`${origin}/import.js`));
    await attempt('import data', () => import(`data:text/javascript,window.wasTrapped="data"//${origin}`));
    await attempt('worker', () => {
      const worker = new Worker(`${origin}/worker.js`);
      worker.onerror = () => {};
    });
    await attempt('blob worker', () => {
      new Worker(URL.createObjectURL(new Blob([`importScripts('${origin}/blob-worker.js')`]))).onerror = () => {};
    });
    await attempt('beacon', () => navigator.sendBeacon(`${origin}/beacon`, 'x'));
    await attempt('events', () => new EventSource(`${origin}/events`).close());
    await attempt('socket', () => {
      new WebSocket(origin.replace('http', 'ws')).onerror = () => {};
    });
    // The debugger's own call may evaluate; what it leaves behind for later may not.
    await new Promise<void>((resolve) => {
      setTimeout(() => {
        try {
          // biome-ignore lint/security/noGlobalEval: the attack under test
          eval('window.wasTrapped = "eval"');
        } catch {
          errors.push('eval');
        }
        try {
          new Function('window.wasTrapped = "function"')();
        } catch {
          errors.push('function');
        }
        resolve();
      });
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { trapped: 'wasTrapped' in window ? window.wasTrapped : null, errors };
  }, trap.origin);
  expect(ran.trapped).toBeNull();
  expect(ran.errors).toEqual(
    expect.arrayContaining(['fetch', 'fetch file', 'import', 'import data', 'eval', 'function']),
  );
  expect(trap.hits).toEqual([]);
});

test('CSP-2: app:// serves the bundle with its policy and nothing beside it', async ({ app }) => {
  const answers = await app.electron.evaluate(async ({ session }) => {
    const ask = async (url: string, method = 'GET') => {
      const response = await session.fromPartition('hotline').fetch(url, { method });
      return {
        status: response.status,
        size: (await response.arrayBuffer()).byteLength,
        headers: Object.fromEntries(response.headers),
      };
    };
    return {
      page: await ask('app://bundle/index.html'),
      missing: await ask('app://bundle/nothing.html'),
      post: await ask('app://bundle/index.html', 'POST'),
      above: await ask('app://bundle/..%2fmain%2findex.js'),
      map: await ask('app://bundle/assets/index.js.map'),
    };
  });
  expect(answers.page).toMatchObject({
    status: 200,
    headers: { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' },
  });
  expect(answers.page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
  expect(answers.page.headers['content-security-policy']).not.toMatch(/unsafe-eval|https?:|\*/);
  expect([answers.missing.status, answers.above.status, answers.map.status, answers.post.status]).toEqual([
    404, 404, 404, 405,
  ]);
  for (const refused of [answers.missing, answers.above, answers.map, answers.post]) expect(refused.size).toBe(0);
});

test('WIN-5: every permission and device is denied', async ({ app }) => {
  const answers = await app.page.evaluate(async () => {
    const outcome = (promise: Promise<unknown>) =>
      promise.then(
        () => 'granted',
        (error: Error) => error.name,
      );
    const state = async (name: string) => (await navigator.permissions.query({ name: name as PermissionName })).state;
    return {
      camera: await outcome(navigator.mediaDevices.getUserMedia({ video: true })),
      microphone: await outcome(navigator.mediaDevices.getUserMedia({ audio: true })),
      screen: await outcome(navigator.mediaDevices.getDisplayMedia()),
      clipboard: await outcome(navigator.clipboard.readText()),
      notification: await Notification.requestPermission(),
      position: await new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve('granted'),
          (error) => resolve(error.code),
        ),
      ),
      states: await Promise.all(['geolocation', 'notifications', 'midi', 'camera', 'microphone'].map(state)),
    };
  });
  expect(answers).toMatchObject({
    camera: expect.not.stringMatching('granted'),
    microphone: expect.not.stringMatching('granted'),
    screen: expect.not.stringMatching('granted'),
    clipboard: 'NotAllowedError',
    notification: 'denied',
    position: 1,
  });
  expect(answers.states).not.toContain('granted');
});

test('WIN-7, LOG-1, KM-1: what an agent types is in no file in plain text', async ({ user, world }) => {
  const app = await world.startApp({ ...user.launch, profileDir: user.makeFolder('profile') });
  const canary = '金丝雀诉求4711';
  const phone = '15400007654';
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.getReady();
  await seat.ring(phone, '金丝雀先生');
  await seat.answer();
  await seat.write({ type: 'complaint', title: canary, content: `${canary}，回电 ${phone}`, originalWords: canary });
  await seat.waitUntilSaved();
  await seat.search(canary);
  await world.stopServer();
  await app.page.reload();
  await app.close();

  const home = path.dirname(String(user.launch.env?.TMPDIR));
  const files = listFiles(home).filter((file) => !file.startsWith(path.join(home, 'program')));
  const names = files.map((file) => path.relative(home, file));
  expect(
    names.some((name) => name.startsWith('profile/') && /\.db$/.test(name)),
    names.join('\n'),
  ).toBe(true);
  const needles = [canary, phone, '金丝雀先生', AGENT.password].flatMap((text) => [
    Buffer.from(text, 'utf8'),
    Buffer.from(text, 'utf16le'),
  ]);
  const leaks = files.filter((file) => needles.some((needle) => readFileSync(file).includes(needle)));
  expect(leaks).toEqual([]);
  const log = path.join(home, 'profile', 'logs', 'console.log');
  expect(statSync(log).mode & 0o777).toBe(0o600);
  expect(readFileSync(log, 'utf8')).toContain('"event":"quit"');
});

async function preloadOf(app: ConsoleApp): Promise<string> {
  const appPath = await app.electron.evaluate(({ app: main }) => main.getAppPath());
  return path.join(appPath, 'out/preload/window.cjs');
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
