import { expect } from 'vitest';
import { codeOf } from '#tests/support/data/rpc-client.ts';
import { AGENT } from '#tests/support/data/samples.ts';
import { until } from '#tests/support/data/until.ts';
import { LOGIN, type Scenarios, signIn } from './desk.ts';

export const sessionAnswers: Scenarios<'session'> = {
  status: async (desk) => {
    const { client } = desk;
    expect(await client.session.status()).toMatchObject({ phase: 'locked', mode: 'demo', user: null, profiles: [] });
    await signIn(desk);
    await until('the server told', async () => (await client.session.status()).server.state !== 'unknown');
    expect(await client.session.status()).toMatchObject({
      phase: 'unlocked',
      user: AGENT,
      profiles: [{ account: AGENT.account, name: AGENT.name }],
      server: { state: 'ready' },
      storage: 'ok',
    });
  },
  signIn: async ({ client }) => {
    expect(await client.session.signIn(LOGIN)).toEqual(AGENT);
  },
  lock: async (desk) => {
    await signIn(desk);
    expect(await desk.client.session.lock()).toEqual({ ok: true });
    expect((await desk.client.session.status()).phase).toBe('locked');
    expect(await codeOf(desk.client.drafts.list())).toBe('NOT_UNLOCKED');
  },
  changePassword: async (desk) => {
    const { client, server } = desk;
    await signIn(desk);
    const change = { oldPassword: LOGIN.password, newPassword: '雨天里的第三盏路灯' };
    expect(await client.session.changePassword(change)).toEqual({ ok: true });
    expect(server.password).toBe(change.newPassword);
    await client.session.lock();
    await server.stop();
    expect(await codeOf(client.session.signIn(LOGIN))).toBe('BAD_CREDENTIALS');
    expect(await client.session.signIn({ ...LOGIN, password: change.newPassword })).toEqual(AGENT);
  },
};

export const changesAnswers: Scenarios<'changes'> = {
  subscribe: async (desk) => {
    await signIn(desk);
    const stream = await desk.client.changes.subscribe();
    const heard = new Set<string>();
    const listening = (async () => {
      for await (const { topics } of stream) {
        for (const topic of topics) heard.add(topic);
        if (heard.has('drafts')) break;
      }
    })();
    await until('heard', async () => {
      await desk.client.drafts.open({ call: null });
      return heard.has('drafts');
    });
    await listening;
    expect(heard).not.toContain('board');
  },
};
