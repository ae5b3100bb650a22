import { Button } from '@mantine/core';
import { IconMessageReport } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { CannedTextArea } from '#renderer/terms/CannedTextArea.tsx';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { ARTICLE_FEEDBACK_KINDS, ARTICLE_LIMITS } from '#shared/domain/knowledge.ts';
import type { RecordId } from '#shared/kernel/ids.ts';
import classes from './Knowledge.module.css';

interface FeedbackBoxProps {
  readonly uid: RecordId;
  readonly version: number;
  readonly onClose: () => void;
}

/** Says that an article is 错误 or 过时, and why; the editors read it. */
export function FeedbackBox({ uid, version, onClose }: FeedbackBoxProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const [kind, setKind] = useState<(typeof ARTICLE_FEEDBACK_KINDS)[number]>('outdated');
  const [text, setText] = useState('');
  const [sending, setSending] = useState(false);
  const problem = useTextProblem()(text, ARTICLE_LIMITS.note);
  // Esc never discards text.
  useAction('app.back', onClose, text === '');

  const send = async () => {
    setSending(true);
    try {
      await dataClient.knowledge.report({ uid, version, kind, text: text.trim() });
      showNotice('success', t('knowledge.feedback.sent'));
      onClose();
    } catch (error) {
      showNotice('error', t('knowledge.feedback.failed', { reason: failureText(toCallFailure(error)) }));
      setSending(false);
    }
  };
  return (
    <section className={classes.box2} aria-label={t('knowledge.feedback.title')}>
      <div className={classes.line}>
        <ChoiceGroup
          label={t('knowledge.feedback.kind')}
          choices={ARTICLE_FEEDBACK_KINDS.map((value) => ({ value, label: t(`knowledge.feedback.kinds.${value}`) }))}
          value={kind}
          onChange={setKind}
          testId={TEST_IDS.articleFeedbackKind}
        />
        <span className={classes.spring} />
        <Button
          size="compact-sm"
          leftSection={<IconMessageReport size={15} aria-hidden />}
          disabled={sending || text.trim() === '' || problem !== null}
          onClick={() => void send()}
          data-testid={TEST_IDS.articleFeedbackSend}
        >
          {t('knowledge.feedback.send')}
        </Button>
      </div>
      <CannedTextArea
        mt={6}
        data-autofocus
        autoFocus
        aria-label={t('knowledge.feedback.text')}
        placeholder={t('knowledge.feedback.placeholder')}
        value={text}
        error={problem}
        readOnly={sending}
        spellCheck={false}
        autosize
        minRows={2}
        maxRows={6}
        onText={setText}
        prefer="note"
        data-testid={TEST_IDS.articleFeedbackText}
      />
    </section>
  );
}
