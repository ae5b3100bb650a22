import type { ReactNode } from 'react';
import classes from './StatusTag.module.css';

export type Tone = 'neutral' | 'info' | 'good' | 'warn' | 'bad';

interface StatusTagProps {
  readonly tone: Tone;
  readonly icon?: ReactNode;
  readonly title?: string | undefined;
  readonly testId?: string | undefined;
  readonly children: ReactNode;
}

/** A state in a word; the colour only repeats what the word says. */
export function StatusTag({ tone, icon, title, testId, children }: StatusTagProps) {
  return (
    <span className={`${classes.tag} ${classes[tone]}`} title={title} data-testid={testId}>
      {icon}
      {children}
    </span>
  );
}
