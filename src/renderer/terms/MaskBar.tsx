import { Button, Popover } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RevealRequest } from '#shared/contract/privacy.contract.ts';
import type { RevealField } from '#shared/domain/masking.ts';
import { DialogScope, usePopoverKeys } from '../platform/actions.ts';
import { type CallFailure, toCallFailure } from '../platform/call-error.ts';
import { hideLook, lookBehindMask, useRevealStore } from '../platform/reveal.store.ts';
import { TEST_IDS } from '../platform/test-ids.ts';
import { ChoiceGroup } from '../ui/ChoiceGroup.tsx';
import { useNow } from '../ui/now.ts';
import { CannedTextInput } from './CannedTextInput.tsx';
import { useFailureText } from './failure-text.ts';
import classes from './MaskBar.module.css';
import { useTextProblem } from './text-problem.ts';

interface MaskBarProps {
  readonly subject: RevealRequest['subject'];
  readonly uid: string;
  readonly fields: readonly RevealField[];
}

/** Says that personal data is masked and offers a look behind the mask, one value at a time, with a reason. */
export function MaskBar({ subject, uid, fields }: MaskBarProps) {
  const { t } = useTranslation();
  const look = useRevealStore((state) => state.looks.get(uid));
  return (
    <fieldset className={classes.bar} aria-label={t('privacy.masked')} data-testid={TEST_IDS.maskBar}>
      <span className={classes.word}>
        <IconEyeOff size={15} aria-hidden />
        {t('privacy.masked')}
      </span>
      {look ? (
        <>
          <span role="status" data-testid={TEST_IDS.maskShown}>
            {t('privacy.shown', { what: t(`privacy.field.${subject}.${look.field}`) })}
            <SecondsLeft until={look.until} />
          </span>
          <button type="button" className={classes.look} onClick={() => hideLook(uid)}>
            {t('privacy.hide')}
          </button>
        </>
      ) : (
        fields.map((field) => <LookButton key={field} request={{ subject, uid, field }} />)
      )}
    </fieldset>
  );
}

function SecondsLeft({ until }: { readonly until: number }) {
  const { t } = useTranslation();
  return t('privacy.secondsLeft', { count: Math.max(0, Math.ceil((until - useNow()) / 1_000)) });
}

/** Most characters of a reason in own words. */
const REASON_MAX = 200;
const REASONS = ['callBack', 'unit', 'identity', 'other'] as const;
type Reason = (typeof REASONS)[number];

/** Asks why; Enter looks. */
function LookButton({ request }: { readonly request: Omit<RevealRequest, 'reason'> }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const [opened, setOpened] = useState(false);
  const [reason, setReason] = useState<Reason>('callBack');
  const [words, setWords] = useState('');
  const [failure, setFailure] = useState<CallFailure | null>(null);
  const close = () => setOpened(false);
  const scope = usePopoverKeys(opened, close);
  const name = t(`privacy.field.${request.subject}.${request.field}`);
  const problem = useTextProblem()(words, REASON_MAX);
  const isMissing = reason === 'other' && (words.trim() === '' || problem !== null);

  const look = async (event: FormEvent) => {
    event.preventDefault();
    if (isMissing) return;
    const written = reason === 'other' ? words.trim() : t(`privacy.reason.${reason}`);
    try {
      await lookBehindMask({ ...request, reason: written });
      setFailure(null);
      close();
    } catch (error) {
      setFailure(toCallFailure(error));
    }
  };

  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus closeOnEscape={false}>
      <Popover.Target>
        <button
          type="button"
          className={classes.look}
          onClick={() => setOpened((was) => !was)}
          data-testid={TEST_IDS.maskLook(request.field)}
        >
          {t('privacy.look', { what: name })}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <DialogScope value={scope}>
          <form className={classes.reasons} onSubmit={(event) => void look(event)}>
            <ChoiceGroup
              label={t('privacy.why', { what: name })}
              choices={REASONS.map((value) => ({ value, label: t(`privacy.reason.${value}`) }))}
              value={reason}
              onChange={setReason}
              testId={TEST_IDS.maskReason}
            />
            {reason === 'other' && (
              <CannedTextInput
                aria-label={t('privacy.reason.other')}
                placeholder={t('privacy.otherHint')}
                value={words}
                error={problem}
                autoComplete="off"
                onText={setWords}
                prefer="note"
                data-testid={TEST_IDS.maskWords}
              />
            )}
            <p className={classes.note}>{t('privacy.logged')}</p>
            {failure && <p className={classes.error}>{t('privacy.failed', { reason: failureText(failure) })}</p>}
            <Button
              type="submit"
              leftSection={<IconEye size={15} aria-hidden />}
              disabled={isMissing}
              data-testid={TEST_IDS.maskConfirm}
            >
              {t('privacy.confirm')}
            </Button>
          </form>
        </DialogScope>
      </Popover.Dropdown>
    </Popover>
  );
}
