import { useTranslation } from 'react-i18next';
import { type ActionId, formatBinding, KEYMAP, type KeyBinding } from '../platform/keymap.ts';
import { TEST_IDS } from '../platform/test-ids.ts';
import { Dialog } from '../terms/Dialog.tsx';
import { KeyHint } from '../ui/KeyHint.tsx';
import classes from './ShortcutSheet.module.css';

const GROUPS = {
  call: [
    'call.answer',
    'call.reject',
    'call.hangup',
    'call.hold',
    'call.mute',
    'call.transfer',
    'call.emergency',
    'call.complete',
    'call.conference',
    'call.back',
    'call.help',
    'call.keypad',
    'call.dial',
    'agent.toggleReady',
    'agent.extendWrapUp',
  ],
  intake: [
    'intake.new',
    'intake.directAnswer',
    'intake.submit',
    'intake.save',
    'intake.takeDivision',
    'intake.takeCategory',
    'intake.takeSecondCategory',
    'intake.takeThirdCategory',
    'intake.takeUrgency',
    'intake.pickForm',
    'intake.takeForm',
    'intake.recover',
    'intake.next',
    'intake.previous',
    'focus.intake',
    'focus.title',
    'focus.place',
    'focus.citizen',
    'focus.duplicates',
    'focus.knowledge',
    'knowledge.toAnswer',
    'knowledge.toContent',
  ],
  go: [
    'page.workbench',
    'page.mine',
    'page.queue',
    'page.quality',
    'page.board',
    'page.reminders',
    'page.calls',
    'page.search',
    'page.knowledge',
    'page.outbox',
    'page.settings',
  ],
  triage: [
    'triage.dispatch',
    'triage.approve',
    'triage.refuse',
    'triage.joint',
    'triage.account',
    'triage.merge',
    'triage.mark',
    'triage.markAll',
    'queue.narrow',
    'queue.sort',
    'search.sort',
    'views.open',
    'reminders.acknowledge',
    'reminders.done',
  ],
  oversight: ['oversight.order', 'oversight.progress', 'oversight.finish'],
  outbox: ['outbox.correct', 'outbox.redo', 'outbox.discard'],
  app: ['app.palette', 'app.shortcuts', 'app.lock', 'app.back'],
} as const satisfies Record<string, readonly ActionId[]>;

/** Every key of the console, from the same table that the keyboard reads. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('shortcuts.title')}
      closeLabel={t('app.close')}
      size={760}
      testId={TEST_IDS.shortcutSheet}
    >
      <div className={classes.groups}>
        {(Object.keys(GROUPS) as (keyof typeof GROUPS)[]).map((group) => (
          <section key={group} className={classes.group}>
            <h3>{t(`shortcuts.groups.${group}`)}</h3>
            <dl className={classes.list}>
              {GROUPS[group].map((id) => {
                const bindings: readonly KeyBinding[] = KEYMAP[id];
                return (
                  <div key={id} className={classes.row}>
                    <dt>{t(`actions.${id}`)}</dt>
                    <dd>
                      {bindings.map((binding) => (
                        <KeyHint key={formatBinding(binding)} keys={formatBinding(binding)} />
                      ))}
                    </dd>
                  </div>
                );
              })}
            </dl>
          </section>
        ))}
      </div>
      <p className={classes.note}>{t('shortcuts.inList')}</p>
      <p className={classes.note}>{t('shortcuts.inTabs')}</p>
      <p className={classes.note}>{t('shortcuts.note')}</p>
    </Dialog>
  );
}
