import { Button, Group } from '@mantine/core';
import { actionKey } from '../platform/keymap.ts';
import { KeyHint } from '../ui/KeyHint.tsx';

interface DialogButtonsProps {
  readonly cancel: string;
  readonly confirm: string;
  readonly isReady: boolean;
  readonly working?: boolean;
  readonly onCancel: () => void;
  readonly onConfirm: () => void;
  /** Of the button that confirms. */
  readonly testId: string;
}

/** The two ways out of a dialog that Ctrl+Enter confirms. */
export function DialogButtons(props: DialogButtonsProps) {
  const { cancel, confirm, isReady, working = false, onCancel, onConfirm, testId } = props;
  return (
    <Group justify="flex-end" mt="md">
      <Button variant="default" onClick={onCancel}>
        {cancel}
      </Button>
      <Button
        disabled={!isReady}
        loading={working}
        rightSection={<KeyHint keys={actionKey('intake.submit')} />}
        aria-keyshortcuts="Control+Enter"
        onClick={onConfirm}
        data-testid={testId}
      >
        {confirm}
      </Button>
    </Group>
  );
}
