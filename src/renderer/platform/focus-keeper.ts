const TABBABLE =
  'textarea, input:not([type="hidden"]), select, button, a[href], [role="grid"], [tabindex]:not([tabindex="-1"])';

/** Things work goes on from, before buttons: a list, a text; a password only when somebody chose it. */
const WORK = '[role="grid"], textarea, input:not([type="radio"], [type="checkbox"], [type="password"])';

/** Whoever closes something and knows a better place has taken the focus there by then; popovers give it back after 10 ms. */
const GRACE_MS = 50;

function isUsable(element: Element): element is HTMLElement {
  return element instanceof HTMLElement && !element.matches(':disabled') && element.checkVisibility();
}

/** The best place in a part of the screen to go on from. */
function findPlace(around: Element): HTMLElement | null {
  const inside = [...around.querySelectorAll(TABBABLE)].filter(isUsable).filter(({ tabIndex }) => tabIndex >= 0);
  return inside.find((element) => element.matches(WORK)) ?? inside[0] ?? null;
}

/**
 * Where the focus goes when what had it is gone: into the nearest part of the screen around it that is still there, so that the next key
 * is pressed where the last one was; on the page itself at the latest, once there is something on it.
 * @param trail what was around it, innermost first
 */
function findRefuge(trail: readonly Element[], page: Element): HTMLElement | null {
  for (const around of trail) {
    if (around === page) break;
    const place = around.isConnected && isUsable(around) ? findPlace(around) : null;
    if (place) return place;
  }
  return findPlace(page);
}

/**
 * Never lets the focus fall to the page itself, where keys do nothing and a screen reader starts from the top: when the control that had it
 * is removed, hidden or disabled, and nothing else took it, it moves to what is nearest. A page with nothing on it holds the focus itself until
 * something is there. Gives back the function that ends it.
 * @param page what holds the page the agent is on
 */
export function keepFocus(page: HTMLElement): () => void {
  let last: HTMLElement | null = null;
  let trail: readonly Element[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  const isLost = () => last === null || !last.isConnected || !isUsable(last);
  const onFocus = (event: FocusEvent) => {
    if (!(event.target instanceof HTMLElement)) return;
    if (event.target === page) return;
    // It holds the focus in need only: a press of the mouse on it means nothing.
    page.removeAttribute('tabindex');
    last = event.target;
    const around: Element[] = [];
    for (let one = last.parentElement; one && one !== document.body; one = one.parentElement) around.push(one);
    trail = around;
  };
  const onLoss = () => {
    timer = null;
    const { activeElement } = document;
    const isHeld =
      activeElement !== null && activeElement !== document.body && activeElement !== page && activeElement !== last;
    if (isHeld || !isLost()) return;
    const place = findRefuge(trail, page);
    if (!place) {
      page.tabIndex = -1;
      page.style.outline = 'none';
    }
    (place ?? page).focus({ preventScroll: true });
  };
  const look = () => {
    if (timer === null && isLost()) timer = setTimeout(onLoss, GRACE_MS);
  };
  const observer = new MutationObserver(look);
  const attributeFilter = ['hidden', 'disabled'];
  observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter });
  document.addEventListener('focusin', onFocus);
  look();
  return () => {
    observer.disconnect();
    if (timer !== null) clearTimeout(timer);
    document.removeEventListener('focusin', onFocus);
  };
}
