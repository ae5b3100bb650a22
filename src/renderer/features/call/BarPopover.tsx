import { Popover } from '@mantine/core';
import type { ComponentProps, KeyboardEvent, ReactNode } from 'react';
import { DialogScope, useAction, usePopoverKeys } from '#renderer/platform/actions.ts';
import type { ActionId } from '#renderer/platform/keymap.ts';
import { BarButton } from './BarButton.tsx';

interface BarPopoverProps extends Pick<ComponentProps<typeof BarButton>, 'icon' | 'label' | 'narrow' | 'testId'> {
  /** The key that opens it. */
  readonly action: ActionId;
  readonly opened: boolean;
  readonly onOpened: (opened: boolean) => void;
  /** What it is called for those who do not see it. */
  readonly title: string;
  /** In px. */
  readonly width: number;
  readonly panelTestId?: string;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly children: ReactNode;
}

/** A button of the call bar with a panel under it: the key or a click opens it, Esc closes it and gives the focus back. */
export function BarPopover(props: BarPopoverProps) {
  const { opened, onOpened, title, width, panelTestId, onKeyDown, children, ...button } = props;
  useAction(button.action, () => onOpened(true));
  const scope = usePopoverKeys(opened, () => onOpened(false));
  return (
    <Popover
      opened={opened}
      onChange={onOpened}
      position="bottom-end"
      width={width}
      trapFocus
      returnFocus
      closeOnEscape={false}
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <BarButton {...button} onClick={() => onOpened(!opened)} />
      </Popover.Target>
      <Popover.Dropdown aria-label={title} onKeyDown={onKeyDown} data-testid={panelTestId}>
        <DialogScope value={scope}>{children}</DialogScope>
      </Popover.Dropdown>
    </Popover>
  );
}
