// biome-ignore-all lint/a11y/useFocusableInteractive: the text keeps the focus and names the active choice
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keyboard acts through the text
// biome-ignore-all lint/a11y/useSemanticElements: a native list box takes the focus from the text
import { Combobox, useCombobox } from '@mantine/core';
import { type ReactElement, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '../platform/test-ids.ts';
import classes from './CannedTextList.module.css';
import type { CannedChoices } from './use-canned-text.ts';

interface CannedTextListProps {
  readonly choices: CannedChoices;
  /** The field it belongs to. */
  readonly children: ReactElement;
}

/** A text field with the canned texts that are offered for it. */
export function CannedTextList({ choices, children }: CannedTextListProps) {
  const { t } = useTranslation();
  const listRef = useRef<HTMLDivElement>(null);
  const combobox = useCombobox();
  const { listId, found, active, previewOf, point, take } = choices;
  const opened = found.length > 0;
  const { openDropdown, closeDropdown } = combobox;
  useEffect(() => {
    if (opened) openDropdown();
    else closeDropdown();
  }, [opened, openDropdown, closeDropdown]);
  useEffect(() => {
    if (opened) listRef.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });
  return (
    <Combobox store={combobox} withinPortal position="bottom-start" width={520} shadow="md">
      <Combobox.DropdownTarget>{children}</Combobox.DropdownTarget>
      {opened && (
        <Combobox.Dropdown p={0}>
          <div
            ref={listRef}
            id={listId}
            role="listbox"
            tabIndex={0}
            aria-label={t('canned.label')}
            className={classes.list}
            data-testid={TEST_IDS.cannedTexts}
            // It lies beside the popover its field may stand in: a press on it is none outside of that.
            onMouseDown={(event) => event.stopPropagation()}
            onTouchStart={(event) => event.stopPropagation()}
          >
            {found.map((text, position) => (
              <div
                key={text.id}
                id={`${listId}-${text.id}`}
                role="option"
                aria-selected={text === active}
                className={classes.item}
                // The text keeps the focus.
                onMouseDown={(event) => event.preventDefault()}
                onMouseMove={() => point(position)}
                onClick={() => take(text)}
                data-testid={TEST_IDS.cannedText(text.id)}
              >
                <span className={classes.title}>{text.title}</span>
                <span className={classes.text}>{previewOf(text)}</span>
              </div>
            ))}
          </div>
          <div className={classes.hint}>{t('canned.hint')}</div>
        </Combobox.Dropdown>
      )}
    </Combobox>
  );
}
