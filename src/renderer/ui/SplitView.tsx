import type { ReactNode } from 'react';
import classes from './SplitView.module.css';

interface SplitViewProps {
  readonly main: ReactNode;
  readonly side: ReactNode;
}

/** Work on the left (60 %), what belongs to it on the right (40 %). */
export function SplitView({ main, side }: SplitViewProps) {
  return (
    <div className={classes.split}>
      <div className={classes.main}>{main}</div>
      <div className={classes.side}>{side}</div>
    </div>
  );
}
