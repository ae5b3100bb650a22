import { app, type Session, type WebContents } from 'electron';
import type { Log } from './log.ts';

/** Scheme of a URL for the log; the rest of a URL may carry anything. */
function schemeOf(url: string): string {
  return /^[a-z][a-z0-9+.-]{0,20}:/i.exec(url)?.[0] ?? '';
}

/**
 * Everything a page of the console never does is refused for every page there will ever be: other documents, windows,
 * webviews, downloads, devices and permissions.
 */
export function lockDownContents(log: Log): void {
  app.on('web-contents-created', (_event, contents) => lockDown(contents, log));
}

function lockDown(contents: WebContents, log: Log): void {
  contents.on('will-navigate', (event) => {
    // A page may load itself again and nothing else.
    if (event.isMainFrame && isSamePage(event.url, contents.getURL())) return;
    event.preventDefault();
    log({ event: 'denied', what: 'navigation', scheme: schemeOf(event.url) });
  });
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame) return;
    event.preventDefault();
    log({ event: 'denied', what: 'frame-navigation', scheme: schemeOf(event.url) });
  });
  contents.on('will-redirect', (event) => {
    event.preventDefault();
    log({ event: 'denied', what: 'redirect', scheme: schemeOf(event.url) });
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    log({ event: 'denied', what: 'webview', scheme: '' });
  });
  contents.setWindowOpenHandler(({ url }) => {
    log({ event: 'denied', what: 'window', scheme: schemeOf(url) });
    return { action: 'deny' };
  });
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}

/** Electron names a requester by its origin or by its page. */
function originOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i.exec(url)?.[0] ?? '';
}

function isSamePage(url: string, current: string): boolean {
  return url.split('#')[0] === current.split('#')[0];
}

/** What is allowed in a session; everything else is not. */
export interface SessionRules {
  /** What its pages may load. */
  readonly isAllowedUrl: (url: string) => boolean;
  /** Whether a page may put text on the clipboard (never read it): the one permission that is ever given. */
  readonly mayCopy: (contents: WebContents | null, origin: string) => boolean;
}

/** Writing plain text, as a copy button does. Reading the clipboard is another permission and stays refused. */
const COPYING = 'clipboard-sanitized-write';

/**
 * Refuses permissions, devices, screen capture and downloads of a session, and every request that leaves the bundle, but for
 * what the rules allow.
 */
export function lockDownSession(session: Session, rules: SessionRules, log: Log): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    const isGiven =
      permission === COPYING && details.isMainFrame && rules.mayCopy(contents, originOf(details.requestingUrl));
    if (!isGiven) log({ event: 'denied', what: `permission ${permission}`, scheme: '' });
    answer(isGiven);
  });
  session.setPermissionCheckHandler(
    (contents, permission, origin, details) =>
      permission === COPYING && details.isMainFrame && rules.mayCopy(contents, originOf(origin)),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  session.on('will-download', (event, item) => {
    event.preventDefault();
    log({ event: 'denied', what: 'download', scheme: schemeOf(item.getURL()) });
  });
  session.webRequest.onBeforeRequest((details, answer) => {
    const isAllowed = rules.isAllowedUrl(details.url);
    if (!isAllowed) log({ event: 'denied', what: 'request', scheme: schemeOf(details.url) });
    answer({ cancel: !isAllowed });
  });
}
