import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';

interface DialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly closeLabel: string;
  readonly size?: number | string;
  readonly testId: string;
  readonly children: ReactNode;
}

/** A dialog that gives the focus back to where it came from. Esc is handled by the caller's `app.back` action. */
export function Dialog({ opened, onClose, title, closeLabel, size = 720, testId, children }: DialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size={size}
      closeOnEscape={false}
      returnFocus
      centered
      transitionProps={{ duration: 0 }}
      overlayProps={{ backgroundOpacity: 0.35 }}
      closeButtonProps={{ 'aria-label': closeLabel }}
      data-testid={testId}
    >
      {children}
    </Modal>
  );
}
