import type { ComponentType, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { SecondLeg } from '#shared/domain/call-state.ts';
import classes from './CallBar.module.css';
import { type CallCardProps, CallIdentity, CallTimer } from './CallIdentity.tsx';
import { useBarFit } from './use-bar-fit.ts';

interface CardProps extends CallCardProps {
  readonly phase: 'ringing' | 'dialing' | 'active' | 'held' | 'leg';
  readonly leg?: SecondLeg;
  readonly icon: ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;
  /** What the timer counts from, epoch ms. */
  readonly since: number;
  /** What has to be known about the call, between who it is and how long it takes. */
  readonly marks?: ReactNode;
  /** What can be done with it. */
  readonly children: ReactNode;
}

/** A call in the bar, whatever its stage: who it is with, how long it takes, what can be done. */
export function CallCard({ call, knownName, phase, leg, icon: Icon, since, marks, children }: CardProps) {
  const { t } = useTranslation();
  const ref = useBarFit();
  return (
    <section
      ref={ref}
      className={classes.call}
      data-phase={phase}
      data-leg={leg?.phase}
      data-purpose={leg?.purpose}
      aria-label={t(`call.position.${call.stage}`)}
      data-testid={TEST_IDS.callCard}
    >
      <Icon size={18} aria-hidden />
      <CallIdentity call={call} knownName={knownName} />
      {marks}
      <CallTimer since={since} testId={TEST_IDS.callTimer} />
      <div className={classes.actions}>{children}</div>
    </section>
  );
}
