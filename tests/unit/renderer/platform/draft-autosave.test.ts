import { ORPCError } from '@orpc/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DataCallError } from '#renderer/platform/call-error.ts';
import {
  DraftAutosave,
  type DraftStore,
  SAVE_DEBOUNCE_MS,
  SAVE_MAX_WAIT_MS,
  type SaveState,
} from '#renderer/platform/draft-autosave.ts';
import { type Draft, emptyIntake, type IntakeContent } from '#shared/domain/intake.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { type DraftId, newId } from '#shared/kernel/ids.ts';

const START = Date.UTC(2026, 10, 22, 6);
const clock: Clock = { now: () => Date.now() };

/** A data process with one draft; it can be told to fail and to take its time. */
class Desk implements DraftStore {
  readonly id = newId<DraftId>(START);
  stored: Draft = {
    id: this.id,
    callId: null,
    call: null,
    revision: 0,
    content: emptyIntake(''),
    createdAt: START,
    updatedAt: START,
    handedFrom: null,
    handedTo: null,
    handOffs: [],
    ticketUid: null,
    correctsUid: null,
    parentUid: null,
  };
  /** Thrown by the next saves, one after the other. */
  failures: Error[] = [];
  /** The next save is stored, but its answer is lost. */
  loseNextAnswer = false;
  latencyMs = 5;
  saves = 0;
  underWay = 0;
  mostUnderWay = 0;
  readonly states: SaveState[] = [];
  readonly merged: IntakeContent[] = [];
  readonly writes: { readonly at: number; readonly content: IntakeContent }[] = [];

  async save(input: { id: DraftId; revision: number; content: IntakeContent }) {
    this.saves += 1;
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    await new Promise((resolve) => setTimeout(resolve, this.latencyMs));
    this.underWay -= 1;
    const failure = this.failures.shift();
    if (failure) throw failure;
    if (this.stored.ticketUid !== null) {
      throw new ORPCError('DRAFT_SUBMITTED', { data: { ticketUid: this.stored.ticketUid } });
    }
    if (input.revision !== this.stored.revision) {
      throw new ORPCError('DRAFT_STALE', { data: { revision: this.stored.revision } });
    }
    this.write(input.content);
    if (this.loseNextAnswer) {
      this.loseNextAnswer = false;
      throw new DataCallError('OUTCOME_UNKNOWN');
    }
    return { revision: this.stored.revision, savedAt: this.stored.updatedAt };
  }

  async get() {
    return this.stored;
  }

  write(content: IntakeContent) {
    this.writes.push({ at: Date.now(), content });
    this.stored = { ...this.stored, content, revision: this.stored.revision + 1, updatedAt: Date.now() };
  }

  open() {
    return new DraftAutosave(this.stored, this, clock, {
      onState: (state) => this.states.push(state),
      onMerged: (content) => this.merged.push(content),
    });
  }
}

const withText = (content: string): IntakeContent => ({ ...emptyIntake(''), content });

describe('draft autosave', () => {
  let desk: Desk;
  let autosave: DraftAutosave;

  beforeEach(() => {
    vi.useFakeTimers({ now: START });
    desk = new Desk();
    autosave = desk.open();
  });
  afterEach(() => {
    autosave.stop();
    vi.useRealTimers();
  });

  it('puts a keystroke on disk within 300 ms while the typing goes on', async () => {
    const typedAt: number[] = [];
    for (let length = 1; length <= 60; length++) {
      typedAt[length] = Date.now();
      autosave.set(withText('字'.repeat(length)));
      await vi.advanceTimersByTimeAsync(30);
    }
    await vi.advanceTimersByTimeAsync(1_000);

    expect(desk.stored.content.content).toBe('字'.repeat(60));
    for (let length = 1; length <= 60; length++) {
      const durable = desk.writes.find((write) => write.content.content.length >= length);
      expect((durable?.at ?? Number.POSITIVE_INFINITY) - (typedAt[length] ?? 0)).toBeLessThanOrEqual(300);
    }
    expect(desk.saves).toBeLessThan(20);
  });

  it('waits for a pause before it saves, and says when it has', async () => {
    autosave.set(withText('路灯'));
    await vi.advanceTimersByTimeAsync(SAVE_DEBOUNCE_MS - 1);
    expect(desk.saves).toBe(0);
    expect(autosave.state.kind).toBe('saving');
    await vi.advanceTimersByTimeAsync(1 + desk.latencyMs);
    expect(desk.stored.content.content).toBe('路灯');
    expect(autosave.state).toEqual({ kind: 'saved', at: desk.stored.updatedAt });
  });

  it('never has two saves under way, and builds each on the revision of the one before', async () => {
    desk.latencyMs = SAVE_MAX_WAIT_MS * 2;
    for (let key = 1; key <= 20; key++) {
      autosave.set(withText('井'.repeat(key)));
      await vi.advanceTimersByTimeAsync(50);
    }
    await vi.advanceTimersByTimeAsync(5_000);
    expect(desk.mostUnderWay).toBe(1);
    expect(desk.stored.content.content).toBe('井'.repeat(20));
    expect(autosave.revision).toBe(desk.stored.revision);
  });

  it.each(['DISK_FULL', 'OUTCOME_UNKNOWN', 'SHUTTING_DOWN', 'NOT_UNLOCKED'] as const)(
    'keeps the text through %s and saves it when that is over',
    async (code) => {
      desk.failures = Array.from({ length: 7 }, () => new DataCallError(code));
      autosave.set(withText('污水漫溢'));
      await vi.advanceTimersByTimeAsync(500);
      expect(autosave.state).toEqual({ kind: 'failed', code });
      autosave.set(withText('污水漫溢三天'));
      await vi.advanceTimersByTimeAsync(60_000);
      expect(desk.stored.content.content).toBe('污水漫溢三天');
      expect(autosave.state.kind).toBe('saved');
    },
  );

  it('saves at once when it is told that the data process is back', async () => {
    desk.failures = Array.from({ length: 4 }, () => new DataCallError('SHUTTING_DOWN'));
    autosave.set(withText('树木倾斜'));
    await vi.advanceTimersByTimeAsync(2_500);
    desk.failures = [];
    autosave.poke();
    await vi.advanceTimersByTimeAsync(desk.latencyMs);
    expect(desk.stored.content.content).toBe('树木倾斜');
  });

  it('goes on after a save that was stored although its answer was lost', async () => {
    desk.loseNextAnswer = true;
    autosave.set(withText('噪声扰民'));
    await vi.advanceTimersByTimeAsync(100);
    autosave.set(withText('噪声扰民，夜间施工'));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(desk.stored.content.content).toBe('噪声扰民，夜间施工');
    expect(autosave.state.kind).toBe('saved');
    expect(desk.merged).toEqual([]);
  });

  it('joins what another window saved meanwhile with what was typed here', async () => {
    desk.write({ ...emptyIntake(''), title: '别处写的标题', content: '别处写的内容' });
    autosave.set(withText('这里写的内容'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(desk.stored.content).toMatchObject({ title: '别处写的标题', content: '这里写的内容' });
    expect(desk.merged).toHaveLength(1);
  });

  it('stops when the draft has become a ticket elsewhere', async () => {
    desk.stored = { ...desk.stored, ticketUid: newId(START) };
    autosave.set(withText('再写一句'));
    const flushed = autosave.flush();
    await vi.advanceTimersByTimeAsync(100);
    expect(autosave.state).toEqual({ kind: 'submitted', ticketUid: desk.stored.ticketUid });
    expect(await flushed).toMatchObject({ ok: false, failure: { code: 'DRAFT_SUBMITTED' } });
    const savesThen = desk.saves;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(desk.saves).toBe(savesThen);
  });

  it('saves everything but the field that cannot be stored, and says which one that is', async () => {
    autosave.set({ ...withText('能存的内容'), title: '半个字\uD842' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(desk.stored.content).toMatchObject({ content: '能存的内容', title: '' });
    expect(autosave.state).toMatchObject({ kind: 'partly', refused: ['title'] });
    expect(await autosave.flush()).toMatchObject({ ok: true });
    autosave.set({ ...withText('能存的内容'), title: '完整的字𠮷' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(desk.stored.content.title).toBe('完整的字𠮷');
    expect(autosave.state.kind).toBe('saved');
  });

  it('flushes what was typed a moment ago and hands over the revision to submit', async () => {
    autosave.set(withText('马上提交'));
    const flushed = autosave.flush();
    await vi.advanceTimersByTimeAsync(desk.latencyMs);
    expect(await flushed).toEqual({ ok: true, revision: 1 });
    expect(desk.stored.content.content).toBe('马上提交');
  });

  it('flushes text that was typed while a save was under way', async () => {
    desk.latencyMs = 100;
    autosave.set(withText('一'));
    await vi.advanceTimersByTimeAsync(SAVE_DEBOUNCE_MS + 10);
    autosave.set(withText('一二'));
    const flushed = autosave.flush();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await flushed).toEqual({ ok: true, revision: 2 });
    expect(desk.stored.content.content).toBe('一二');
  });

  it('answers a flush with the reason when the disk is full, and tries on', async () => {
    desk.failures = [new DataCallError('DISK_FULL')];
    autosave.set(withText('满了'));
    const flushed = autosave.flush();
    await vi.advanceTimersByTimeAsync(desk.latencyMs);
    expect(await flushed).toMatchObject({ ok: false, failure: { code: 'DISK_FULL' } });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(desk.stored.content.content).toBe('满了');
  });
});
