import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { actionKey } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import classes from './PersonEditor.module.css';

interface PersonButtonsProps {
  /** The dialog was to be closed with something in it that is not saved. */
  readonly asking: boolean;
  readonly canSave: boolean;
  readonly onLeave: () => void;
  readonly onDrop: () => void;
  readonly onStay: () => void;
}

const takeFocus = (button: HTMLButtonElement | null) => button?.focus();

/** Save or leave; leaving with something unsaved is asked about, and Enter and Esc stay. */
export function PersonButtons({ asking, canSave, onLeave, onDrop, onStay }: PersonButtonsProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.buttons}>
      {asking ? (
        <>
          <p className={`${classes.problem} ${classes.grow}`} role="alert">
            {t('citizen.edit.unsaved')}
          </p>
          <Button color="red" variant="light" onClick={onDrop} data-testid={TEST_IDS.personDrop}>
            {t('citizen.edit.drop')}
          </Button>
          <Button ref={takeFocus} variant="default" onClick={onStay} data-testid={TEST_IDS.personStay}>
            {t('citizen.edit.stay')}
          </Button>
        </>
      ) : (
        <Button variant="default" onClick={onLeave}>
          {t('citizen.edit.cancel')}
        </Button>
      )}
      <Button
        type="submit"
        disabled={!canSave}
        title={actionKey('intake.submit')}
        aria-keyshortcuts="Control+Enter"
        data-testid={TEST_IDS.personSave}
      >
        {t('citizen.edit.save')}
      </Button>
    </div>
  );
}
