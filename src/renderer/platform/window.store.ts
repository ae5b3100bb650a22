import { create } from 'zustand';
import type { DataState, Preferences, ShellInfo } from '#shared/contract/shell.contract.ts';
import type { LinkState } from './data-link.ts';

interface WindowState {
  /** The data process as the host sees it. */
  readonly dataState: DataState;
  /** This window's own link to it. */
  readonly linkState: LinkState;
  readonly preferences: Preferences;
  /** Null until the shell answered. */
  readonly info: ShellInfo | null;
}

/** What the main process told this window. */
export const useWindowStore = create<WindowState>(() => ({
  dataState: { kind: 'starting' },
  linkState: 'connecting',
  preferences: { language: 'zh-CN', theme: 'system' },
  info: null,
}));
