import { afterEach, describe, expect, it, vi } from 'vitest';
import { openCallDraft } from '#renderer/features/intake/call-draft.ts';
import { changeDraft } from '#renderer/features/intake/draft-engines.ts';
import { openBlankDraft, removeTab } from '#renderer/features/intake/draft-tabs.ts';
import { useIntakeStore } from '#renderer/features/intake/intake.store.ts';
import { closeIntake } from '#renderer/features/intake/intake-session.ts';
import { usePhoneStore } from '#renderer/platform/phone-client.ts';
import { type CallState, toCallFacts } from '#shared/domain/call-state.ts';
import { emptyIntake } from '#shared/domain/intake.ts';
import { sampleCall } from '#tests/support/data/samples.ts';

// Drafts live in the window until the data process answers, which it never does here.
vi.mock('#renderer/platform/data-client.ts', () => ({
  dataClient: { drafts: { open: () => new Promise(() => {}) } },
  topicBus: { subscribe: () => () => {} },
}));

const PHONE = '13800001234';
const before = usePhoneStore.getState();

function talk(changes: Partial<CallState> = {}): CallState {
  const facts = sampleCall(PHONE);
  const call = { ...facts, answeredAt: facts.ringAt + 3_000, phase: 'talking', about: null, ...changes } as CallState;
  usePhoneStore.setState({ phone: { ...before.phone, call } });
  return call;
}

const shown = () => useIntakeStore.getState().drafts.find(({ key }) => key === useIntakeStore.getState().activeKey);

afterEach(() => {
  closeIntake();
  usePhoneStore.setState(before, true);
});

describe('a new form', () => {
  it('is about the same caller and call while a call goes on, after the first form was submitted', () => {
    const call = talk();
    openCallDraft(toCallFacts(call));
    const first = shown();
    if (!first) throw new Error('the call has a form');
    const caller = { ...first.content.caller, name: '王小芳', confidential: true, anonymous: true };
    changeDraft(first.key, { caller, title: '路灯不亮' });
    removeTab(first.key);
    openBlankDraft();
    expect(shown()?.call?.callId).toBe(call.callId);
    expect(shown()?.content).toEqual({ ...emptyIntake(PHONE), caller });
  });

  it('takes the caller of the form that is still open', () => {
    const call = talk();
    openCallDraft(toCallFacts(call));
    const first = shown();
    if (!first) throw new Error('the call has a form');
    changeDraft(first.key, { caller: { ...first.content.caller, name: '李雷' } });
    openBlankDraft();
    expect(shown()).not.toBe(first);
    expect(shown()?.content.caller).toMatchObject({ phone: PHONE, name: '李雷' });
  });

  it('knows nobody without a call, and nothing of the caller before', () => {
    const call = talk();
    openCallDraft(toCallFacts(call));
    removeTab(shown()?.key ?? '');
    usePhoneStore.setState({ phone: { ...before.phone, call: null } });
    openBlankDraft();
    expect(shown()).toMatchObject({ call: null, content: emptyIntake('') });
  });

  it('of another call does not begin with the last caller', () => {
    const call = talk();
    openCallDraft(toCallFacts(call));
    const first = shown();
    if (!first) throw new Error('the call has a form');
    changeDraft(first.key, { caller: { ...first.content.caller, name: '李雷' } });
    removeTab(first.key);
    talk();
    openBlankDraft();
    expect(shown()?.content.caller.name).toBe('');
  });
});
