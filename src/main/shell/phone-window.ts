import type { BrowserWindow } from 'electron';
import type { LaunchConfig } from './launch-config.ts';
import type { WindowFactory } from './windows.ts';

export interface PhoneWindow {
  /** The window, once its page listens for ports; waits while the page is loading (again). */
  ready(): Promise<BrowserWindow>;
}

/**
 * The hidden window that owns the call. It lives as long as the console, so that a reload or crash of what is seen
 * leaves the call alone.
 */
export function openPhoneWindow(windows: WindowFactory, config: LaunchConfig, seed: number): PhoneWindow {
  // Simulated calls are the demo's; in production there is no phone until one is configured, never a silent imitation.
  const query =
    config.mode === 'demo'
      ? { provider: 'simulator', calls: config.demoCalls, seed: String(seed) }
      : { provider: 'none' };
  const window = windows.create('phone', { query });
  const { webContents } = window;
  let waiting: ((window: BrowserWindow) => void)[] = [];
  let isLoaded = false;
  webContents.on('did-start-loading', () => {
    isLoaded = false;
  });
  webContents.on('render-process-gone', () => {
    isLoaded = false;
  });
  webContents.on('did-finish-load', () => {
    isLoaded = true;
    for (const resolve of waiting) resolve(window);
    waiting = [];
  });
  return {
    ready: () =>
      isLoaded
        ? Promise.resolve(window)
        : new Promise((resolve) => {
            waiting.push(resolve);
          }),
  };
}
