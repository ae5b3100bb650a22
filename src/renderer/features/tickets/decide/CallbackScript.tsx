import { useTranslation } from 'react-i18next';
import { useCannedTexts } from '#renderer/platform/canned-texts.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useCannedValues } from '#renderer/terms/canned-values.tsx';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { shippedCallbackRules } from '#shared/domain/callback/shipped-callback-rules.ts';
import { fillCannedText } from '#shared/domain/canned-text.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import classes from './Decide.module.css';

/** What is said in a 回访, with what the citizen asked for and what the unit answered at their places. */
export function CallbackScript({ ticket }: { readonly ticket: Ticket }) {
  const { t } = useTranslation();
  const file = useCannedTexts(true);
  const valuesNow = useCannedValues();
  const { fields, replies } = ticket;
  const said = (text: string) => (file ? fillCannedText(text, valuesNow(file), file.blanks).text : '');
  return (
    <section
      className={`${classes.script} selectable`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to reach what scrolls
      tabIndex={0}
      aria-label={t('tickets.decide.callback.script')}
      data-testid={TEST_IDS.callbackScript}
    >
      {shippedCallbackRules().script.map(({ id, text }) => (
        <div key={id} className={classes.scriptStep}>
          <p className={classes.said}>{said(text)}</p>
          {id === 'request' && <Request fields={fields} />}
          {id === 'reply' &&
            replies.map((reply) => (
              <blockquote key={`${reply.at}-${reply.unit}`} className={classes.quoted}>
                <span className={classes.stepBy}>
                  <span>{reply.unit}</span>
                  <TimeText at={reply.at} />
                </span>
                {reply.text}
              </blockquote>
            ))}
        </div>
      ))}
    </section>
  );
}

function Request({ fields }: Pick<Ticket, 'fields'>) {
  const { t } = useTranslation();
  const { content, originalWords } = fields;
  return (
    <>
      {content !== '' && <blockquote className={classes.quoted}>{content}</blockquote>}
      {originalWords !== '' && (
        <blockquote className={classes.quoted}>
          <span className={classes.stepBy}>{t('tickets.detail.originalWords')}</span>
          {originalWords}
        </blockquote>
      )}
    </>
  );
}
