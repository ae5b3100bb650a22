import { Button } from '@mantine/core';
import { IconArrowBackUp, IconArrowMerge, IconPencil, IconPrinter, IconSend, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { actionKey } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import type { MergeWay } from '#shared/contract/attention.contract.ts';

interface RefusedActionsProps {
  readonly isFree: boolean;
  /** The form of the refused ticket is open. */
  readonly isOpen: boolean;
  /** Sending it again can still be taken. */
  readonly isRedoable: boolean;
  /** The server holds a row that takes the place of what was refused. */
  readonly isTaking: boolean;
  readonly merge: MergeWay | null;
  readonly onTheirs: () => void;
  readonly onMine: () => void;
  readonly onMerge: () => void;
  readonly onPrint: () => void;
}

/** One button, and one key, for each way out: theirs, mine, merge. */
export function RefusedActions(props: RefusedActionsProps) {
  const { isFree, isOpen, isRedoable, isTaking, merge, onTheirs, onMine, onMerge, onPrint } = props;
  const { t } = useTranslation();
  const mergeText = merge === 'form' ? (isOpen ? 'goOn' : 'correct') : merge === 'article' ? 'mergeArticle' : 'merge';
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        c="var(--c-muted)"
        leftSection={<IconPrinter size={15} aria-hidden />}
        disabled={!isFree}
        onClick={onPrint}
        data-testid={TEST_IDS.outboxPrint}
      >
        {t('sheet.attention.open')}
      </Button>
      <Button
        variant="default"
        {...(isTaking ? {} : { color: 'red' })}
        leftSection={isTaking ? <IconArrowBackUp size={15} aria-hidden /> : <IconTrash size={15} aria-hidden />}
        rightSection={<KeyHint keys={actionKey('outbox.discard')} />}
        aria-keyshortcuts="Alt+X"
        title={isTaking ? t('outbox.refused.takeHint') : undefined}
        disabled={!isFree}
        onClick={onTheirs}
        data-testid={TEST_IDS.outboxDiscard}
      >
        {t(isTaking ? 'outbox.refused.take' : 'outbox.refused.discard')}
      </Button>
      {isRedoable && (
        <Button
          {...(merge === null ? {} : { variant: 'default' })}
          leftSection={<IconSend size={15} aria-hidden />}
          rightSection={<KeyHint keys={actionKey('outbox.redo')} />}
          aria-keyshortcuts="Alt+R"
          title={t(isTaking ? 'outbox.refused.mineHint' : 'outbox.refused.redoHint')}
          disabled={!isFree}
          onClick={onMine}
          data-testid={TEST_IDS.outboxRedo}
        >
          {t(isTaking ? 'outbox.refused.mine' : 'outbox.refused.redo')}
        </Button>
      )}
      {merge !== null && (
        <Button
          leftSection={
            merge === 'form' ? <IconPencil size={15} aria-hidden /> : <IconArrowMerge size={15} aria-hidden />
          }
          rightSection={<KeyHint keys={actionKey('outbox.correct')} />}
          aria-keyshortcuts="Alt+M"
          title={t(merge === 'form' ? 'outbox.refused.correctHint' : 'outbox.refused.mergeHint')}
          disabled={!isFree}
          onClick={onMerge}
          data-testid={TEST_IDS.outboxCorrect}
        >
          {t(`outbox.refused.${mergeText}`)}
        </Button>
      )}
    </>
  );
}
