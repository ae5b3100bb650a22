import type { CloseAnswer, CloseRequest } from '#shared/contract/shell.contract.ts';
import { invokeShell, onShellEvent } from './bridge.ts';

/** Until somebody has signed in there is nothing to save and nobody to ask. */
let decide: (request: CloseRequest) => Promise<CloseAnswer> = async () => 'now';

/** Says who decides whether the window may close: the part of the page that holds the work. */
export function decideClosing(by: (request: CloseRequest) => Promise<CloseAnswer>): void {
  decide = by;
}

/** Answers the shell whenever the window is about to close. Called once when the window starts. */
export function answerCloseRequests(): void {
  onShellEvent('shell:close-requested', (payload) => {
    void decide(payload as CloseRequest).then((answer) => invokeShell('shell:close', answer));
  });
}
