import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './Banner.module.css';

interface BannerProps {
  readonly tone: 'info' | 'warn' | 'bad';
  readonly testId: string;
  readonly text: string;
  readonly children?: ReactNode;
}

/** A strip under the work area: announced, never focused, and nothing that is being typed moves when it comes. */
export function Banner({ tone, testId, text, children }: BannerProps) {
  const Icon = tone === 'info' ? IconInfoCircle : IconAlertTriangle;
  return (
    <div
      className={`${classes.banner} ${classes[tone]}`}
      role={tone === 'bad' ? 'alert' : 'status'}
      data-testid={testId}
    >
      <Icon size={16} aria-hidden />
      <span className={classes.text}>{text}</span>
      {children}
    </div>
  );
}
