import { Button } from '@mantine/core';
import { IconArrowsSplit2, IconCheck, IconHierarchy2, IconUnlink, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ClockTag } from '#renderer/terms/ClockTag.tsx';
import { useCoverage } from '#renderer/terms/coverage.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { TicketStatusTag } from '#renderer/terms/TicketStatusTag.tsx';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
import type { TicketRelations } from '#shared/contract/duplicates.contract.ts';
import type { TicketSummary } from '#shared/contract/tickets.contract.ts';
import { MERGEABLE_STATUSES, PARENT_STATUSES } from '#shared/domain/merge-tickets.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { DecideDialog } from './decide/DecideDialog.tsx';
import { MergeDialog } from './decide/MergeDialog.tsx';
import { RefuseProposalDialog } from './decide/RefuseProposalDialog.tsx';
import classes from './TicketDetail.module.css';

interface TicketClusterProps extends Pick<TicketRelations, 'link' | 'parent' | 'mayMerge'> {
  readonly uid: TicketId;
  readonly status: TicketStatus;
  /** The ticket itself as a line of a list, for what is decided about it. */
  readonly self: TicketSummary;
  /** Those proposed or merged under it. */
  readonly tickets: readonly TicketSummary[];
}

type Open =
  | { readonly kind: 'split'; readonly ticket: TicketSummary }
  | { readonly kind: 'accept'; readonly tickets: readonly TicketSummary[]; readonly parent: TicketId }
  | { readonly kind: 'refuse'; readonly uid: TicketId };

/** 母单 and 子单: which ticket this one belongs under, or which belong under it, with what can be decided about that. */
export function TicketCluster({ uid, status, self, link, parent, tickets, mayMerge }: TicketClusterProps) {
  const { t } = useTranslation();
  const leftOut = useCoverage()?.leftOut ?? 0;
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const proposed = tickets.filter(({ proposedUnder }) => proposedUnder === uid);
  const merged = tickets.filter((child) => !proposed.includes(child));
  const working = merged.filter((child) => child.status === 'merged').length;
  return (
    <>
      {link && (
        <p className={classes.relation}>
          <IconHierarchy2 size={15} aria-hidden />
          <span>
            {t(link.state === 'merged' ? 'duplicates.merged' : 'duplicates.proposed', {
              no: parent ? displayTicketNumber(parent) : t('duplicates.elsewhere'),
              title: parent?.title ?? '',
              name: link.byName,
            })}
          </span>
          {status === 'merged' && parent?.clock && <ClockTag summary={parent.clock} />}
          {link.state === 'proposed' && mayMerge && self.proposedUnder !== null && (
            <>
              <ClusterButton
                icon="accept"
                label={t('tickets.merge.accept')}
                onClick={() => setOpen({ kind: 'accept', tickets: [self], parent: link.parentUid })}
                testId={TEST_IDS.clusterAccept}
              />
              <ClusterButton
                icon="refuse"
                label={t('tickets.merge.refuse')}
                onClick={() => setOpen({ kind: 'refuse', uid })}
                testId={TEST_IDS.clusterRefuse}
              />
            </>
          )}
          {link.state === 'proposed' && !mayMerge && <TakeBack uid={uid} />}
        </p>
      )}
      {merged.length > 0 && (
        <p className={classes.relation} data-testid={TEST_IDS.clusterFigures}>
          <IconHierarchy2 size={15} aria-hidden />
          <span>{t('tickets.merge.figures', { count: merged.length + 1, children: merged.length, working })}</span>
          {leftOut > 0 && <span>{t('coverage.children')}</span>}
        </p>
      )}
      {tickets.length > 0 && (
        <ul className={classes.children} data-testid={TEST_IDS.clusterChildren}>
          {[...merged, ...proposed].map((child) => (
            <li key={child.uid} className={classes.relation}>
              <span className="selectable">{displayTicketNumber(child)}</span>
              <span>{child.callerName}</span>
              <span className={classes.childTitle}>{child.title || child.excerpt}</span>
              <TicketStatusTag status={child.status} />
              {child.clock && <ClockTag summary={child.clock} isShort />}
              {child.proposedUnder === uid && <span>{t('tickets.merge.proposedHere')}</span>}
              {mayMerge && child.status === 'merged' && child.refused === null && (
                <ClusterButton
                  icon="split"
                  label={t('tickets.decide.name.unmerge')}
                  onClick={() => setOpen({ kind: 'split', ticket: child })}
                  testId={TEST_IDS.clusterSplit(child.uid)}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {proposed.length > 0 && mayMerge && PARENT_STATUSES.includes(status) && (
        <ClusterButton
          icon="accept"
          label={t('tickets.merge.acceptAll', { count: proposed.length })}
          onClick={() => setOpen({ kind: 'accept', tickets: proposed, parent: uid })}
          testId={TEST_IDS.clusterAcceptAll}
        />
      )}
      {open?.kind === 'split' && (
        <DecideDialog
          choice="unmerge"
          tickets={[open.ticket]}
          mayDecide={(at) => at === 'merged'}
          onClose={close}
          onDone={close}
        />
      )}
      {open?.kind === 'accept' && (
        <MergeDialog
          tickets={open.tickets}
          parent={open.parent}
          mayDecide={(at) => mayMerge && MERGEABLE_STATUSES.includes(at)}
          onClose={close}
          onDone={close}
        />
      )}
      {open?.kind === 'refuse' && <RefuseProposalDialog uid={open.uid} onClose={close} />}
    </>
  );
}

const ICONS = { accept: IconCheck, refuse: IconX, split: IconArrowsSplit2 } as const;

interface ClusterButtonProps {
  readonly icon: keyof typeof ICONS;
  readonly label: string;
  readonly onClick: () => void;
  readonly testId: string;
}

function ClusterButton({ icon, label, onClick, testId }: ClusterButtonProps) {
  const Icon = ICONS[icon];
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      leftSection={<Icon size={14} aria-hidden />}
      onClick={onClick}
      data-testid={testId}
    >
      {label}
    </Button>
  );
}

/** Whoever does not decide takes a proposal back that was made by mistake. */
function TakeBack({ uid }: { readonly uid: TicketId }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      leftSection={<IconUnlink size={14} aria-hidden />}
      onClick={() =>
        void dataClient.duplicates.unlink({ uid, reason: '' }).then(
          () => showNotice('success', t('duplicates.unlinked')),
          (error: unknown) => showNotice('error', failureText(toCallFailure(error))),
        )
      }
      data-testid={TEST_IDS.ticketUnlink}
    >
      {t('duplicates.unlink')}
    </Button>
  );
}
