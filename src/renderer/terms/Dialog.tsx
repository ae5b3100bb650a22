import { Modal } from '@mantine/core';
import { type ReactNode, useEffect, useId, useLayoutEffect, useState } from 'react';
import { DialogScope, openDialog, useAction } from '../platform/actions.ts';

interface DialogProps {
  readonly opened: boolean;
  /** Esc, the cross, or a click beside the dialog. */
  readonly onClose: () => void;
  /** What Ctrl+Enter does in it; without it the key does nothing. */
  readonly onSubmit?: () => void;
  readonly title: string;
  readonly closeLabel: string;
  readonly size?: number | string;
  readonly testId: string;
  readonly children: ReactNode;
}

/**
 * A dialog over the work. While it is open only its own keys act, beside those that always do (see `runAction`). It gives the focus back
 * to where it came from.
 */
export function Dialog({ opened, ...rest }: DialogProps) {
  return opened ? <OpenDialog {...rest} /> : null;
}

function OpenDialog(props: Omit<DialogProps, 'opened'>) {
  const { onClose, onSubmit, title, closeLabel, size = 720, testId, children } = props;
  const scope = useId();
  useLayoutEffect(() => openDialog(scope), [scope]);
  useFocusReturn();
  return (
    <DialogScope value={scope}>
      <DialogKeys onClose={onClose} onSubmit={onSubmit} />
      <Modal
        opened
        onClose={onClose}
        title={title}
        size={size}
        closeOnEscape={false}
        returnFocus={false}
        centered
        yOffset={12}
        transitionProps={{ duration: 0 }}
        overlayProps={{ backgroundOpacity: 0.35 }}
        closeButtonProps={{ 'aria-label': closeLabel }}
        data-testid={testId}
      >
        {children}
      </Modal>
    </DialogScope>
  );
}

interface DialogKeysProps {
  readonly onClose: () => void;
  readonly onSubmit: (() => void) | undefined;
}

/** The dialog's own keys, offered from inside of its scope. */
function DialogKeys({ onClose, onSubmit }: DialogKeysProps) {
  useAction('app.back', onClose);
  useAction('intake.submit', () => onSubmit?.(), onSubmit !== undefined);
  return null;
}

/** Whoever had the focus before the dialog has it again after it, unless somebody else took it meanwhile. */
function useFocusReturn(): void {
  // Before anything of the dialog takes it.
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (document.activeElement !== null && document.activeElement !== document.body) return;
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
    },
    [opener],
  );
}
