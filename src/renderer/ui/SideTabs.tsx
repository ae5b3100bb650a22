import { type KeyboardEvent, type ReactNode, useId } from 'react';
import classes from './SideTabs.module.css';

export interface SideTab<N extends string> {
  readonly name: N;
  readonly label: string;
  /** How much there is to see, nothing for 0. */
  readonly count: number;
  readonly testId: string;
  readonly content: ReactNode;
}

interface SideTabsProps<N extends string> {
  readonly label: string;
  readonly tabs: readonly SideTab<N>[];
  readonly active: N;
  readonly onShow: (name: N) => void;
}

/** Several panels in one place. All of them live; the arrow keys go from tab to tab. */
export function SideTabs<N extends string>({ label, tabs, active, onShow }: SideTabsProps<N>) {
  const id = useId();
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = tabs.findIndex(({ name }) => name === active);
    const next = tabs[(index + step + tabs.length) % tabs.length];
    if (!next) return;
    onShow(next.name);
    event.currentTarget.querySelector<HTMLElement>(`#${CSS.escape(`${id}-${next.name}`)}`)?.focus();
  };
  return (
    <div className={classes.tabs}>
      <div className={classes.bar} role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map(({ name, label: text, count, testId }) => (
          <button
            key={name}
            type="button"
            id={`${id}-${name}`}
            role="tab"
            aria-selected={name === active}
            aria-controls={`${id}-${name}-panel`}
            tabIndex={name === active ? 0 : -1}
            className={classes.tab}
            onClick={() => onShow(name)}
            data-testid={testId}
          >
            {text}
            {count > 0 && <span className={classes.count}>{count}</span>}
          </button>
        ))}
      </div>
      {tabs.map(({ name, content }) => (
        <div
          key={name}
          id={`${id}-${name}-panel`}
          role="tabpanel"
          aria-labelledby={`${id}-${name}`}
          className={classes.panel}
          hidden={name !== active}
        >
          {content}
        </div>
      ))}
    </div>
  );
}
