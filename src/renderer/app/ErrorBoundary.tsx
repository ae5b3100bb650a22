import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { TEST_IDS } from '../platform/test-ids.ts';
import { texts } from './i18n/i18n.ts';
import { goTo } from './route.store.ts';
import classes from './screens.module.css';

interface BoundaryState {
  readonly error: Error | null;
}

/** Counts drafts on disk and in memory; set by the shell, because the boundary is loaded before it. */
export type CountDrafts = () => { readonly saved: number; readonly unsaved: number };
let countDrafts: CountDrafts = () => ({ saved: 0, unsaved: 0 });

/** Tells the boundary how many drafts there are to reassure about. */
export function registerDraftCount(count: CountDrafts): void {
  countDrafts = count;
}

/**
 * Shown when a screen fails. Drafts live outside the component tree: saving goes on, and reopening draws them again.
 */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { error: null };

  static getDerivedStateFromError(error: Error): BoundaryState {
    return { error };
  }

  /** Back to the workbench: a page that fails every time must not be drawn again by itself. */
  private readonly reopen = () => {
    goTo('workbench');
    this.setState({ error: null });
  };

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <main className={classes.screen} data-testid={TEST_IDS.errorBoundary}>
        <div className={classes.card} role="alert">
          <h1>{texts.t('app.crashed.title')}</h1>
          <p>{texts.t('app.crashed.kept', countDrafts())}</p>
          <p>{texts.t('app.crashed.action')}</p>
          <Button autoFocus onClick={this.reopen}>
            {texts.t('app.crashed.reopen')}
          </Button>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
          <pre className={classes.detail} tabIndex={0}>
            {error.stack ?? error.message}
          </pre>
        </div>
      </main>
    );
  }
}
