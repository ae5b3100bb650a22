import { Button } from '@mantine/core';
import { IconTextPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { actionKey } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import type { InsertTarget } from './insert-article.ts';

interface InsertButtonsProps {
  readonly disabled?: boolean;
  readonly onInsert: (target: InsertTarget) => void;
}

/** Takes an article over into the form, with its citation. */
export function InsertButtons({ disabled = false, onInsert }: InsertButtonsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconTextPlus size={15} aria-hidden />}
        aria-keyshortcuts="Alt+Shift+J"
        title={`${t('actions.knowledge.toContent')} (${actionKey('knowledge.toContent')})`}
        disabled={disabled}
        onClick={() => onInsert('content')}
        data-testid={TEST_IDS.articleInsertContent}
      >
        {t('knowledge.insertContent')}
      </Button>
      <Button
        leftSection={<IconTextPlus size={15} aria-hidden />}
        rightSection={<KeyHint keys={actionKey('knowledge.toAnswer')} />}
        aria-keyshortcuts="Alt+J"
        disabled={disabled}
        onClick={() => onInsert('answer')}
        data-testid={TEST_IDS.articleInsertAnswer}
      >
        {t('knowledge.insertAnswer')}
      </Button>
    </>
  );
}
