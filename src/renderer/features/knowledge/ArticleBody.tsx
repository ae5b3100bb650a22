import { ActionIcon } from '@mantine/core';
import { IconTextPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useCategoryLevelNames } from '#renderer/terms/reference-text.tsx';
import { Highlight } from '#renderer/ui/Highlight.tsx';
import type { ArticleContent, SectionKind } from '#shared/domain/knowledge.ts';
import classes from './Knowledge.module.css';

interface ArticleBodyProps {
  readonly content: ArticleContent;
  /** Words to mark. */
  readonly marks?: readonly string[];
  /** Takes one part over into the form; without it parts are only read. */
  readonly onInsertPart?: ((text: string) => void) | undefined;
  /** Where it would go, for the label. */
  readonly target?: 'answer' | 'content';
}

/** What an article says. */
export function ArticleBody({ content, marks = [], onInsertPart, target = 'answer' }: ArticleBodyProps) {
  const { t } = useTranslation();
  const insertButton = (part: 'answer' | SectionKind, text: string) =>
    onInsertPart && (
      <ActionIcon
        variant="subtle"
        size="sm"
        aria-label={t('knowledge.insertPart', {
          part: t(`knowledge.section.${part}`),
          target: t(`knowledge.target.${target}`),
        })}
        title={t('knowledge.insertPart', {
          part: t(`knowledge.section.${part}`),
          target: t(`knowledge.target.${target}`),
        })}
        onClick={() => onInsertPart(text)}
        data-testid={TEST_IDS.articleInsertPart(part)}
      >
        <IconTextPlus size={15} aria-hidden />
      </ActionIcon>
    );
  return (
    <div className="selectable">
      <section className={classes.section}>
        <div className={classes.sectionHead}>
          <h3>{t('knowledge.section.answer')}</h3>
          {insertButton('answer', content.answer)}
        </div>
        <p className={classes.answer} data-testid={TEST_IDS.articleAnswer}>
          <Highlight text={content.answer} words={marks} />
        </p>
      </section>
      {content.sections.map(({ kind, lines }) => (
        <section key={kind} className={classes.section}>
          <div className={classes.sectionHead}>
            <h3>{t(`knowledge.section.${kind}`)}</h3>
            {insertButton(kind, lines.join('\n'))}
          </div>
          <Lines lines={lines} isOrdered={kind === 'steps'} marks={marks} />
        </section>
      ))}
      {content.questions.length > 0 && (
        <section className={classes.section}>
          <h3>{t('knowledge.section.questions')}</h3>
          <Lines lines={content.questions} isOrdered={false} marks={marks} />
        </section>
      )}
      {content.sources.length > 0 && (
        <section className={classes.section}>
          <h3>{t('knowledge.section.sources')}</h3>
          <Lines
            lines={content.sources.map((source) =>
              [`《${source.title}》`, source.number, source.issuer, source.date ?? '']
                .filter((part) => part !== '')
                .join('　'),
            )}
            isOrdered={false}
            marks={marks}
          />
        </section>
      )}
      <ArticleFacts content={content} />
    </div>
  );
}

interface LinesProps {
  readonly lines: readonly string[];
  readonly isOrdered: boolean;
  readonly marks: readonly string[];
}

function Lines({ lines, isOrdered, marks }: LinesProps) {
  const List = isOrdered ? 'ol' : 'ul';
  return (
    <List>
      {lines.map((line) => (
        <li key={line}>
          <Highlight text={line} words={marks} />
        </li>
      ))}
    </List>
  );
}

function ArticleFacts({ content }: { readonly content: ArticleContent }) {
  const { t } = useTranslation();
  const namesOf = useCategoryLevelNames();
  const { validFrom: from, validTo: to, keywords, categoryCodes } = content;
  const validity =
    from !== null && to !== null
      ? t('knowledge.meta.fromTo', { from, to })
      : from !== null
        ? t('knowledge.meta.from', { from })
        : to !== null
          ? t('knowledge.meta.to', { to })
          : t('knowledge.meta.unlimited');
  return (
    <dl className={classes.facts}>
      <dt>{t('knowledge.meta.validity')}</dt>
      <dd>{validity}</dd>
      <dt>{t('knowledge.meta.categories')}</dt>
      <dd>{categoryCodes.map((code) => namesOf(code).at(-1) ?? code).join(t('intake.comma'))}</dd>
      {keywords.length > 0 && (
        <>
          <dt>{t('knowledge.meta.keywords')}</dt>
          <dd>{keywords.join(t('intake.comma'))}</dd>
        </>
      )}
    </dl>
  );
}
