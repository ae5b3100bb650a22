import type { ReactNode } from 'react';
import classes from './EmptyState.module.css';

interface EmptyStateProps {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly testId?: string | undefined;
  readonly children?: ReactNode;
}

/** Says what will appear here and how to make it appear. */
export function EmptyState({ icon, title, text, testId, children }: EmptyStateProps) {
  return (
    <div className={classes.empty} data-testid={testId}>
      {icon && (
        <div className={classes.icon} aria-hidden>
          {icon}
        </div>
      )}
      <div className={classes.title}>{title}</div>
      <p>{text}</p>
      {children}
    </div>
  );
}
