import { ActionIcon, Button } from '@mantine/core';
import { IconAlertCircle, IconSend, IconTrash, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { type TypedTexts, TypedTextsProvider } from '#renderer/terms/typed-text.ts';
import { formatClock } from '#renderer/ui/format-time.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import { focusUntaken } from '#renderer/ui/untaken.ts';
import { readArticleForm } from '#shared/domain/article-form.ts';
import type { RecordId } from '#shared/kernel/ids.ts';
import { ArticleFormFields, useFieldLabel } from './ArticleFormFields.tsx';
import {
  changeArticleForm,
  dropArticleForm,
  type FormSave,
  flushArticleForms,
  keepTypedOfArticle,
  type OpenForm,
  openArticleForm,
  useArticleForms,
} from './article-forms.ts';
import classes from './Knowledge.module.css';

interface ArticleEditorProps {
  readonly uid: RecordId;
  /** Back to the article; the text stays. */
  readonly onClose: () => void;
  /** The text was proposed or discarded, and there may be no article to go back to. */
  readonly onGone: () => void;
}

/** Writes an article. Every key is on the disk within 300 ms; proposing it hands it to somebody else for approval. */
export function ArticleEditor({ uid, onClose, onGone }: ArticleEditorProps) {
  const failureText = useFailureText();
  const open = useArticleForms(({ forms }) => forms[uid]);
  const [failure, setFailure] = useState('');
  useEffect(() => {
    openArticleForm(uid).catch((error: unknown) => setFailure(failureText(toCallFailure(error))));
  }, [uid, failureText]);
  if (!open) return <p className={classes.quiet}>{failure}</p>;
  return <OpenEditor uid={uid} open={open} onClose={onClose} onGone={onGone} />;
}

function OpenEditor({ uid, open, onClose, onGone }: ArticleEditorProps & { readonly open: OpenForm }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const labelOf = useFieldLabel();
  const [wasTried, setTried] = useState(false);
  const [sending, setSending] = useState(false);
  const { form, basedOn, save } = open;
  const { content, problems } = readArticleForm(form);
  // Bad characters and unreadable dates are said at once, what is missing only when it is to be proposed.
  const shown = wasTried ? problems : problems.filter(({ code }) => code !== 'REQUIRED');
  const { data: current } = useLiveQuery(
    ['records'],
    (signal) => dataClient.knowledge.summaries({ uids: [uid] }, { signal }),
    [uid],
  );
  const published = current?.[0]?.version ?? 0;
  const isStale = published > basedOn;

  const fieldsRef = useRef<HTMLDivElement>(null);
  const typed: TypedTexts = {
    of: (field) => open.typed?.[field] ?? null,
    keep: (field, text) => keepTypedOfArticle(uid, field, text),
  };

  const propose = async () => {
    setTried(true);
    if (focusUntaken(fieldsRef.current) || !content) return;
    setSending(true);
    try {
      await flushArticleForms();
      await dataClient.knowledge.propose({ uid, basedOn, content, note: form.changeNote.trim() });
      dropArticleForm(uid);
      showNotice('success', t('knowledge.edit.proposed'));
      onClose();
    } catch (error) {
      showNotice('error', t('knowledge.edit.failed', { reason: failureText(toCallFailure(error)) }));
      setSending(false);
    }
  };
  const discard = async () => {
    const before = open;
    try {
      await flushArticleForms();
      await dataClient.knowledge.dropDraft({ uid });
      dropArticleForm(uid);
      showNotice('info', t('knowledge.edit.discarded'), () => {
        void dataClient.knowledge.keepDraft({ uid, basedOn: before.basedOn, form: before.form });
      });
      if (published > 0 || current?.[0]) onClose();
      else onGone();
    } catch (error) {
      showNotice('error', t('knowledge.edit.failed', { reason: failureText(toCallFailure(error)) }));
    }
  };
  useAction('intake.submit', () => void propose(), !sending);
  useAction('app.back', onClose);

  const title = form.title.trim();
  return (
    <section
      className={classes.article}
      aria-label={t(basedOn === 0 ? 'knowledge.edit.titleNew' : 'knowledge.edit.titleEdit', { title })}
      data-testid={TEST_IDS.articleEditor}
    >
      <div className={classes.head}>
        <div className={classes.line}>
          <strong>{t(basedOn === 0 ? 'knowledge.edit.titleNew' : 'knowledge.edit.titleEdit', { title })}</strong>
          {basedOn > 0 && <span className={classes.quiet}>{t('knowledge.edit.basedOn', { version: basedOn })}</span>}
          <span className={classes.spring} />
          <ActionIcon variant="subtle" color="gray" aria-label={t('knowledge.edit.close')} onClick={onClose}>
            <IconX size={17} aria-hidden />
          </ActionIcon>
        </div>
      </div>
      {isStale && (
        <div className={classes.warning} role="status">
          <span>{t('knowledge.edit.stale', { version: published })}</span>
          <Button variant="default" size="compact-xs" onClick={() => changeArticleForm(uid, {}, published)}>
            {t('knowledge.edit.takeNew')}
          </Button>
        </div>
      )}
      <div ref={fieldsRef} className={classes.scroll}>
        <TypedTextsProvider value={typed}>
          <ArticleFormFields
            form={form}
            problems={shown}
            disabled={sending}
            onChange={(patch) => changeArticleForm(uid, patch)}
          />
        </TypedTextsProvider>
      </div>
      <div className={classes.actions}>
        {wasTried && problems.length > 0 && (
          <p className={classes.problems} role="alert">
            <IconAlertCircle size={15} aria-hidden />
            {t('knowledge.edit.problems', {
              count: problems.length,
              fields: [...new Set(problems.map(({ field }) => labelOf(field)))].join(t('intake.comma')),
            })}
          </p>
        )}
        <SaveText save={save} />
        <Button
          variant="subtle"
          color="gray"
          c="var(--c-muted)"
          leftSection={<IconTrash size={15} aria-hidden />}
          disabled={sending}
          onClick={() => void discard()}
          data-testid={TEST_IDS.articleDiscard}
        >
          {t('knowledge.edit.discard')}
        </Button>
        <Button
          leftSection={<IconSend size={15} aria-hidden />}
          rightSection={<KeyHint keys={actionKey('intake.submit')} />}
          aria-keyshortcuts="Control+Enter"
          loading={sending}
          onClick={() => void propose()}
          data-testid={TEST_IDS.articlePropose}
        >
          {t('knowledge.edit.propose')}
        </Button>
      </div>
    </section>
  );
}

function SaveText({ save }: { readonly save: FormSave | null }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  if (!save) return null;
  const text = () => {
    switch (save.kind) {
      case 'saved':
        return t('knowledge.edit.saved', { time: formatClock(save.at) });
      case 'saving':
        return t('knowledge.edit.saving');
      case 'failed':
        return t('knowledge.edit.saveFailed', { reason: failureText(save) });
    }
  };
  return (
    <span
      className={classes.quiet}
      role={save.kind === 'failed' ? 'alert' : undefined}
      data-kind={save.kind}
      data-testid={TEST_IDS.articleSaveState}
    >
      {text()}
    </span>
  );
}
