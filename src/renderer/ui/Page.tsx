import type { ReactNode } from 'react';
import classes from './Page.module.css';

interface PageProps {
  readonly title: string;
  readonly note?: string | undefined;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page with its heading, a remark beside it and its actions on the right. */
export function Page({ title, note, actions, children }: PageProps) {
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1 className={classes.title}>{title}</h1>
        {note !== undefined && <span className={classes.note}>{note}</span>}
        <span className={classes.spring} />
        {actions}
      </div>
      <div className={classes.body}>{children}</div>
    </div>
  );
}
