import { expect } from '@playwright/test';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import type { Seat } from '../../scripts/driver/seat.ts';

/** What may be lost at most of what was typed, in ms before a kill. */
export const DURABLE_AFTER_MS = 300;
export const SENTENCE = '市民反映小区门口积水严重，雨后三天仍未退去，老人出行困难，希望尽快派人疏通排水管道。';

/** A text and when each of its characters was on the screen, epoch ms. */
export interface Typed {
  readonly text: string;
  readonly times: readonly number[];
}

/** Types the sentence behind what stands in the content field, character by character, as fast as a quick typist. */
export async function typeAtSpeed(seat: Seat): Promise<Typed> {
  const content = seat.get(TEST_IDS.intakeContent);
  await content.press('End');
  const times: number[] = [];
  for (const character of SENTENCE) {
    await seat.page.keyboard.insertText(character);
    times.push(systemClock.now());
    await seat.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 15)));
  }
  return { text: SENTENCE, times };
}

/** Checks that everything older than 300 ms at the kill is there and nothing that was never typed. */
export function expectDurable(stored: string, typed: Typed, killedAt: number): void {
  expect(typed.text.startsWith(stored), `stored: ${stored}`).toBe(true);
  const due = typed.times.filter((at) => killedAt - at > DURABLE_AFTER_MS).length;
  expect(stored.length).toBeGreaterThanOrEqual(due);
  expect(due).toBeGreaterThan(10);
}
