import { Button, Group, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { Dialog } from '#renderer/terms/Dialog.tsx';
import { useDialogWork } from '#renderer/terms/dialog-work.ts';
import { PasswordRow } from '#renderer/terms/PasswordRow.tsx';
import { ACCOUNT_MAX, PASSWORD_MAX, useTextProblem } from '#renderer/terms/text-problem.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import { type HeldDecision, heldDecisionSchema } from '#shared/contract/sync.contract.ts';
import { DECIDING_ROLES, type Role } from '#shared/domain/roles.ts';
import classes from './OutboxPage.module.css';

const DECISIONS = heldDecisionSchema.options.toReversed();

interface DecideDialogProps {
  readonly role: Role;
  readonly isOwnWorkMissing: boolean;
  readonly onClose: () => void;
}

/** Keep or delete what the server no longer has. Who may not decide lets somebody who may enter account and password. */
export function DecideDialog({ role, isOwnWorkMissing, onClose }: DecideDialogProps) {
  const { t } = useTranslation();
  const [decision, setDecision] = useState<HeldDecision>('keep');
  const [account, setAccount] = useState('');
  const [password, setPassword] = useState('');
  const { working, message, run } = useDialogWork();
  const needsApprover = !DECIDING_ROLES.includes(role);
  const textProblem = useTextProblem();
  const accountProblem = textProblem(account, ACCOUNT_MAX);
  const passwordProblem = textProblem(password, PASSWORD_MAX);
  const isGood = accountProblem === null && passwordProblem === null;
  const isComplete = !needsApprover || (isGood && account.trim() !== '' && password !== '');

  const decide = async () => {
    const approver = needsApprover ? { account: account.trim(), password } : null;
    try {
      const { rows } = await dataClient.sync.decideHeld({ decision, approver });
      showNotice('success', t(decision === 'delete' ? 'outbox.held.deleted' : 'outbox.held.kept', { count: rows }));
      onClose();
    } catch (error) {
      // Typed again by whoever decides, not sent again by whoever sits here.
      setPassword('');
      throw error;
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (isComplete) void run(decide, (reason) => t('outbox.held.failed', { reason }));
  };

  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('outbox.held.title')}
      closeLabel={t('outbox.held.cancel')}
      size={520}
      testId={TEST_IDS.outboxDecideDialog}
    >
      <form onSubmit={onSubmit}>
        <ChoiceGroup
          label={t('outbox.held.title')}
          // What is own work is not thrown away with the rest.
          choices={DECISIONS.filter((each) => each === 'keep' || !isOwnWorkMissing).map((value) => ({
            value,
            label: t(`outbox.held.${value}`),
          }))}
          value={decision}
          onChange={setDecision}
          testId={TEST_IDS.outboxDecideChoices}
        />
        <p>{t(decision === 'delete' ? 'outbox.held.deleteHint' : 'outbox.held.keepHint')}</p>
        {isOwnWorkMissing && <p>{t('outbox.held.ownFirst')}</p>}
        {needsApprover && (
          <div className={classes.approver}>
            <p>{t('outbox.held.approver')}</p>
            <FieldRow label={t('outbox.held.account')} error={accountProblem}>
              {({ id, invalid, describedBy }) => (
                <TextInput
                  id={id}
                  value={account}
                  error={invalid}
                  aria-describedby={describedBy}
                  autoComplete="off"
                  onChange={(event) => setAccount(event.currentTarget.value)}
                  data-testid={TEST_IDS.outboxApproverAccount}
                />
              )}
            </FieldRow>
            <PasswordRow
              label={t('outbox.held.password')}
              value={password}
              error={passwordProblem}
              onText={setPassword}
              testId={TEST_IDS.outboxApproverPassword}
            />
          </div>
        )}
        {message !== null && (
          <p className={classes.error} role="alert">
            {message}
          </p>
        )}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            {t('outbox.held.cancel')}
          </Button>
          <Button
            type="submit"
            {...(decision === 'delete' ? { color: 'red' } : {})}
            disabled={!isComplete}
            loading={working}
            data-testid={TEST_IDS.outboxDecideConfirm}
          >
            {t(`outbox.held.confirm.${decision}`)}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
