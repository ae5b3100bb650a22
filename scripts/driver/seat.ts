import type { Locator, Page } from '@playwright/test';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { waitFor } from './wait-for.ts';

/** The keys the agent uses; spelled out here so that a change of the keyboard map is noticed by the tests. */
const KEYS = {
  answer: 'F2',
  hangUp: 'F4',
  hold: 'F8',
  toggleReady: 'F6',
  transfer: 'Alt+t',
  emergency: 'Alt+e',
  submit: 'Control+Enter',
  directAnswer: 'Control+d',
  search: 'Alt+4',
} as const;

export interface IntakeTexts {
  readonly type?: string;
  /** Typed into the category picker; the best match is taken. */
  readonly category?: string;
  readonly title?: string;
  readonly content?: string;
  readonly originalWords?: string;
  readonly callerName?: string;
  readonly callerPhone?: string;
  readonly division?: string;
  readonly address?: string;
}

/** An agent at the console: what a person does, in a person's words and with a person's keys. */
export class Seat {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get(testId: string): Locator {
    return this.page.getByTestId(testId);
  }

  async signIn(account: string, password: string): Promise<void> {
    await this.get(TEST_IDS.signInAccount).fill(account);
    await this.get(TEST_IDS.signInPassword).fill(password);
    await this.page.keyboard.press('Enter');
  }

  /** Signs in and waits for the workbench. */
  async startShift(account: string, password: string): Promise<void> {
    await this.signIn(account, password);
    await this.get(TEST_IDS.shell).waitFor();
  }

  /** Signs in at the phone and gets ready for calls. */
  async getReady(): Promise<void> {
    await this.waitForAgent('signed-out');
    await this.page.keyboard.press(KEYS.toggleReady);
    await this.waitForAgent('ready');
  }

  /** Somebody calls (demo). Resolves when the offer is on the screen. */
  async ring(ani: string, name = ''): Promise<void> {
    await this.prepareCaller(ani, name);
    await this.letRing();
  }

  /** Writes down who is going to call (demo). */
  async prepareCaller(ani: string, name: string): Promise<void> {
    await this.get(TEST_IDS.simulateOpen).click();
    await this.get(TEST_IDS.simulateNumber).fill(ani);
    await this.get(TEST_IDS.simulateName).fill(name);
  }

  /** The prepared caller rings. Resolves when the offer is on the screen. */
  async letRing(): Promise<void> {
    await this.page.keyboard.press('Enter');
    await this.waitForCall('ringing');
  }

  /** Somebody calls while the seat is taken (demo). Resolves when they are seen waiting. */
  async ringBehind(ani: string, name = ''): Promise<void> {
    await this.prepareCaller(ani, name);
    await this.page.keyboard.press('Enter');
    await this.get(TEST_IDS.callQueue).waitFor();
  }

  /** Opens the transfer panel, finds a colleague by what is typed, and goes the way of the key (Enter 咨询, Shift+Enter 直接转接). */
  async transferTo(typed: string, seat: string, key: 'Enter' | 'Shift+Enter' | 'Alt+Enter'): Promise<void> {
    await this.page.keyboard.press(KEYS.transfer);
    await this.get(TEST_IDS.transferTarget).fill(typed);
    await this.page.locator(`[data-testid="${TEST_IDS.transferOption(seat)}"][aria-selected="true"]`).waitFor();
    await this.page.keyboard.press(key);
  }

  /** Connects the citizen with 110 (1), 119 (2), 120 (3) or 122 (4). Resolves when all three talk. */
  async handOver(digit: '1' | '2' | '3' | '4'): Promise<void> {
    await this.page.keyboard.press(KEYS.emergency);
    await this.get(TEST_IDS.emergencyMenu).waitFor();
    await this.page.keyboard.press(digit);
    await this.waitForLeg('emergency', 'joined');
  }

  async waitForLeg(purpose: string, phase: string): Promise<void> {
    await this.page
      .locator(`[data-testid="${TEST_IDS.callCard}"][data-purpose="${purpose}"][data-leg="${phase}"]`)
      .waitFor();
  }

  async answer(): Promise<void> {
    await this.page.keyboard.press(KEYS.answer);
    await this.waitForCall('active');
  }

  async hangUp(): Promise<void> {
    await this.page.keyboard.press(KEYS.hangUp);
    await this.waitForAgent('wrap-up');
  }

  async finishWrapUp(): Promise<void> {
    await this.page.keyboard.press(KEYS.toggleReady);
    await this.waitForAgent('ready');
  }

  async waitForAgent(state: string): Promise<void> {
    await this.page.locator(`[data-testid="${TEST_IDS.agentState}"][data-state="${state}"]`).waitFor();
  }

  async waitForCall(phase: 'ringing' | 'active' | 'held'): Promise<void> {
    await this.page.locator(`[data-testid="${TEST_IDS.callCard}"][data-phase="${phase}"]`).waitFor();
  }

  /** Fills fields of the intake form on the screen. */
  async write(texts: IntakeTexts): Promise<void> {
    if (texts.type !== undefined) await this.get(`${TEST_IDS.intakeType}-${texts.type}`).check({ force: true });
    if (texts.title !== undefined) await this.get(TEST_IDS.intakeTitle).fill(texts.title);
    if (texts.content !== undefined) await this.get(TEST_IDS.intakeContent).fill(texts.content);
    if (texts.originalWords !== undefined) await this.get(TEST_IDS.intakeOriginalWords).fill(texts.originalWords);
    if (texts.callerName !== undefined) await this.get(TEST_IDS.intakeCallerName).fill(texts.callerName);
    if (texts.callerPhone !== undefined) await this.get(TEST_IDS.intakeCallerPhone).fill(texts.callerPhone);
    if (texts.address !== undefined) await this.get(TEST_IDS.intakeAddress).fill(texts.address);
    if (texts.category !== undefined) await this.pick(TEST_IDS.intakeCategory, texts.category);
    if (texts.division !== undefined) await this.pick(TEST_IDS.intakeDivision, texts.division);
  }

  /** Types into a picker and takes the best match with Tab. */
  async pick(testId: string, typed: string): Promise<void> {
    const input = this.get(testId);
    await input.fill(typed);
    await this.page.getByRole('option').first().waitFor();
    await this.page.keyboard.press('Tab');
    await waitFor(`${testId} shows the choice`, async () => (await input.inputValue()) !== typed);
  }

  /** Resolves when everything on the screen is on the disk. */
  async waitUntilSaved(): Promise<void> {
    await this.page.locator(`[data-testid="${TEST_IDS.intakeSaveState}"][data-kind="saved"]`).waitFor();
  }

  /** Submits the ticket on the screen (受理转办) and waits until its form is gone. */
  async submit(): Promise<void> {
    await this.#leaveForm(() => this.page.keyboard.press(KEYS.submit));
  }

  /** Answers directly (直接答复) and waits until the form is gone. */
  async answerDirectly(answer: string): Promise<void> {
    await this.page.keyboard.press(KEYS.directAnswer);
    await this.get(TEST_IDS.intakeAnswer).fill(answer);
    await this.#leaveForm(() => this.page.keyboard.press(KEYS.submit));
  }

  async #leaveForm(act: () => Promise<void>): Promise<void> {
    const tabs = this.get(TEST_IDS.intakeTabs).getByRole('tab');
    const before = await tabs.count();
    await act();
    await waitFor('the submitted form is gone', async () => (await tabs.count()) === before - 1);
  }

  /** Waits until the status bar says so: at worst the next poll finds out, 20 to 40 s later. */
  async waitForConnection(state: 'online' | 'offline', timeout = 60_000): Promise<void> {
    await this.page.locator(`[data-testid="${TEST_IDS.statusConnection}"][data-state="${state}"]`).waitFor({ timeout });
  }

  /** Operations the server has not confirmed, as the status bar says. */
  async outboxCount(): Promise<number> {
    const text = await this.get(TEST_IDS.statusOutbox).textContent();
    return Number(/\d+/.exec(text ?? '')?.[0] ?? Number.NaN);
  }

  async waitForOutbox(count: number, timeoutMs = 30_000): Promise<void> {
    await waitFor(`the outbox holds ${count}`, async () => (await this.outboxCount()) === count, timeoutMs);
  }

  /** Searches and gives the titles found once the answer is on the screen. */
  async search(query: string): Promise<Locator> {
    await this.page.keyboard.press(KEYS.search);
    await this.get(TEST_IDS.searchInput).fill(query);
    return this.get(TEST_IDS.searchResults);
  }
}
