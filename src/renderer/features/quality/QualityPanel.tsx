import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { CannedTextArea } from '#renderer/terms/CannedTextArea.tsx';
import { useDialogWork } from '#renderer/terms/dialog-work.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { useTextProblem } from '#renderer/terms/text-problem.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import type { QualitySide, QualityView } from '#shared/contract/quality.contract.ts';
import { CHECK_TEXT } from '#shared/domain/quality/check.ts';
import type { ScoreSheet } from '#shared/domain/quality/score-sheet.ts';
import { findSheet } from '#shared/domain/quality/shipped-sheets.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { CalibrationResult } from './CalibrationResult.tsx';
import { type Fault, firstFault, isBadText } from './marks-form.ts';
import classes from './Quality.module.css';
import { QualityStateTag } from './QualityStateTag.tsx';
import { ScoreFields, Total } from './ScoreFields.tsx';
import { CheckResult } from './ScoreResult.tsx';
import { useCheckDraft } from './use-check-draft.ts';

interface QualityPanelProps {
  readonly ticketUid: TicketId;
  readonly side: QualitySide;
  readonly onClose: () => void;
}

/** A ticket's check or calibration: what was found, and what this person has to do about it. */
export function QualityPanel({ ticketUid, side, onClose }: QualityPanelProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const { data: view, failure } = useLiveQuery(
    ['records', 'tickets', 'outbox', 'session'],
    () => dataClient.quality.get({ ticketUid, side }),
    [ticketUid, side],
  );
  useAction('app.back', onClose);
  return (
    <section className={classes.panel} aria-label={t('quality.panel')} data-testid={TEST_IDS.qualityPanel}>
      <header className={classes.panelHead}>
        <h2>{view ? t('quality.of', { name: view.agentName, no: view.ticketNo }) : ''}</h2>
        <ActionIcon variant="subtle" color="gray" aria-label={t('app.close')} onClick={onClose}>
          <IconX size={17} aria-hidden />
        </ActionIcon>
      </header>
      {view ? (
        <PanelBody key={`${view.ticketUid} ${side}`} view={view} side={side} onDone={onClose} />
      ) : (
        <p className={classes.hint}>{failure ? failureText(failure) : ''}</p>
      )}
    </section>
  );
}

interface BodyProps {
  readonly view: QualityView;
  readonly side: QualitySide;
  readonly onDone: () => void;
}

function PanelBody({ view, side, onDone }: BodyProps) {
  const { t } = useTranslation();
  const sheet = findSheet(view.sheet);
  const { check, calibration, deeds } = view;
  const state = check
    ? check.settled
      ? 'settled'
      : check.appeal
        ? 'appealed'
        : 'scored'
    : calibration
      ? deeds.includes('mark')
        ? 'open'
        : 'marked'
      : 'to_check';
  return (
    <>
      <div className={classes.standing}>
        <QualityStateTag state={state} pending={view.pending} />
        {(side === 'calibration' ? [] : view.why).map((reason) => (
          <span key={reason}>{t(`quality.why.${reason}`)}</span>
        ))}
        {check && state === 'scored' && (
          <span>
            {t('quality.until')} <TimeText at={check.appealUntil} />
          </span>
        )}
      </div>
      {sheet === null && <p className={classes.hint}>{t('errors.SHEET_UNKNOWN')}</p>}
      {sheet && deeds.includes('score') && (
        <Scoring view={view} side={side} sheet={sheet} deed="score" onDone={onDone} />
      )}
      {sheet && deeds.includes('mark') && (
        <>
          <p className={classes.hint}>{t('quality.hidden', { count: view.hidden })}</p>
          <Scoring view={view} side={side} sheet={sheet} deed="mark" onDone={() => {}} />
        </>
      )}
      {sheet && deeds.includes('settle') && <Settling view={view} side={side} sheet={sheet} onDone={onDone} />}
      {sheet && deeds.includes('appeal') && <Appealing view={view} side={side} sheet={sheet} onDone={() => {}} />}
      {check && !deeds.includes('settle') && (
        <ReadRegion takesFocus={deeds.every((deed) => deed === 'start')}>
          <CheckResult check={check} sheet={sheet} />
        </ReadRegion>
      )}
      {calibration && sheet && !deeds.includes('mark') && <CalibrationResult calibration={calibration} sheet={sheet} />}
      {deeds.includes('start') && <StartButton view={view} />}
    </>
  );
}

/** What is only read: it scrolls by keyboard, and has the focus where nothing is to be written. */
function ReadRegion({ takesFocus, children }: { readonly takesFocus: boolean; readonly children: ReactNode }) {
  const { t } = useTranslation();
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    if (takesFocus) ref.current?.focus();
  }, [takesFocus]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section ref={ref} className={classes.scroll} tabIndex={0} aria-label={t('quality.result')}>
      {children}
    </section>
  );
}

interface WorkProps extends BodyProps {
  readonly sheet: ScoreSheet;
}

/** Puts the cursor into the first field of the form when it comes. */
function useFirstField() {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ref.current?.querySelector<HTMLElement>('input:not([disabled]), textarea')?.focus(), []);
  return ref;
}

/** Marks for a ticket: those of its check, or one's own in a calibration. */
function Scoring({ view, side, sheet, deed, onDone }: WorkProps & { readonly deed: 'score' | 'mark' }) {
  const { t } = useTranslation();
  const work = useCheckDraft(view, side, sheet);
  const [isTried, setTried] = useState(false);
  const { working, message, run } = useDialogWork();
  const ref = useFirstField();
  const { ticketUid } = view;
  const send = () => {
    const fault = firstFault(sheet, work.form);
    if (fault) {
      setTried(true);
      focusFault(ref.current, fault);
      return;
    }
    void run(async () => {
      await work.send((marks) =>
        deed === 'score'
          ? dataClient.quality.score({ ticketUid, marks })
          : dataClient.quality.calibrate({ ticketUid, marks }),
      );
      showNotice('success', t(`quality.done.${deed}`, { no: view.ticketNo }));
      onDone();
    });
  };
  useAction('intake.submit', send);
  return (
    <>
      <div ref={ref} className={classes.scroll}>
        <ScoreFields sheet={sheet} form={work.form} isTried={isTried} onChange={(form) => work.change({ form })} />
      </div>
      <SendLine label={t(`quality.send.${deed}`)} working={working} message={message} onSend={send}>
        <Total sheet={sheet} form={work.form} />
      </SendLine>
    </>
  );
}

function focusFault(root: HTMLElement | null, { id, what }: Fault): void {
  const field = {
    points: TEST_IDS.qualityPoints,
    reason: TEST_IDS.qualityReason,
    remark: () => TEST_IDS.qualityRemark,
  };
  const testId = field[what](id);
  root?.querySelector<HTMLElement>(`[data-testid="${testId}"]`)?.focus();
}

/** The second checker's decision about an appeal. */
function Settling({ view, side, sheet, onDone }: WorkProps) {
  const { t } = useTranslation();
  const textProblem = useTextProblem();
  const { check, ticketUid } = view;
  const work = useCheckDraft(view, side, sheet, check?.first.marks);
  const [outcome, setOutcome] = useState<'kept' | 'changed'>('kept');
  const [isTried, setTried] = useState(false);
  const { working, message, run } = useDialogWork();
  const ref = useFirstField();
  const send = () => {
    const fault = outcome === 'changed' ? firstFault(sheet, work.form) : null;
    if (fault || work.words.trim() === '' || isBadText(work.words)) {
      setTried(true);
      if (fault) focusFault(ref.current, fault);
      else ref.current?.querySelector<HTMLElement>(`[data-testid="${TEST_IDS.qualityWords}"]`)?.focus();
      return;
    }
    void run(async () => {
      await work.send((marks, words) =>
        dataClient.quality.settle({ ticketUid, marks: outcome === 'changed' ? marks : null, words }),
      );
      showNotice('success', t('quality.done.settle', { no: view.ticketNo }));
      onDone();
    });
  };
  useAction('intake.submit', send);
  return (
    <>
      <div ref={ref} className={classes.scroll}>
        <ChoiceGroup
          label={t('quality.outcomeLabel')}
          choices={(['kept', 'changed'] as const).map((value) => ({ value, label: t(`quality.outcome.${value}`) }))}
          value={outcome}
          onChange={setOutcome}
          testId={TEST_IDS.qualityOutcome}
        />
        <CannedTextArea
          label={t('quality.settleWords')}
          autosize
          minRows={2}
          maxRows={6}
          value={work.words}
          error={
            textProblem(work.words, CHECK_TEXT) ??
            (isTried && work.words.trim() === '' ? t('quality.wordsMissing') : null)
          }
          onText={(words) => work.change({ words })}
          prefer="note"
          data-testid={TEST_IDS.qualityWords}
        />
        {outcome === 'changed' && (
          <ScoreFields sheet={sheet} form={work.form} isTried={isTried} onChange={(form) => work.change({ form })} />
        )}
        {check && <CheckResult check={check} sheet={sheet} />}
      </div>
      <SendLine label={t('quality.send.settle')} working={working} message={message} onSend={send}>
        {outcome === 'changed' && <Total sheet={sheet} form={work.form} />}
      </SendLine>
    </>
  );
}

/** The agent's appeal. */
function Appealing({ view, side, sheet, onDone }: WorkProps) {
  const { t } = useTranslation();
  const work = useCheckDraft(view, side, sheet);
  const { working, message, run } = useDialogWork();
  const ref = useFirstField();
  const problem = useTextProblem()(work.words, CHECK_TEXT);
  const isReady = work.words.trim() !== '' && problem === null;
  const { ticketUid } = view;
  const send = () => {
    if (!isReady) return;
    void run(async () => {
      await work.send((_, words) => dataClient.quality.appeal({ ticketUid, words }));
      showNotice('success', t('quality.done.appeal', { no: view.ticketNo }));
      onDone();
    });
  };
  useAction('intake.submit', send, isReady);
  return (
    <div ref={ref} className={classes.appeal}>
      <CannedTextArea
        label={t('quality.appealLabel')}
        placeholder={t('quality.appealPlaceholder')}
        autosize
        minRows={2}
        maxRows={6}
        value={work.words}
        error={problem}
        onText={(words) => work.change({ words })}
        prefer="note"
        data-testid={TEST_IDS.qualityWords}
      />
      <SendLine label={t('quality.send.appeal')} working={working} message={message} isReady={isReady} onSend={send} />
    </div>
  );
}

interface SendLineProps {
  readonly label: string;
  readonly working: boolean;
  readonly message: string | null;
  readonly isReady?: boolean;
  readonly onSend: () => void;
  /** Beside the button. */
  readonly children?: ReactNode;
}

function SendLine({ label, working, message, isReady = true, onSend, children }: SendLineProps) {
  return (
    <div className={classes.send}>
      {children}
      {message !== null && (
        <p role="alert" className={classes.problem}>
          {message}
        </p>
      )}
      <Button
        loading={working}
        disabled={!isReady}
        rightSection={<KeyHint keys={actionKey('intake.submit')} />}
        aria-keyshortcuts="Control+Enter"
        onClick={onSend}
        data-testid={TEST_IDS.qualitySend}
      >
        {label}
      </Button>
    </div>
  );
}

/** Opens a calibration on the ticket in sight. */
function StartButton({ view }: { readonly view: QualityView }) {
  const { t } = useTranslation();
  const { working, message, run } = useDialogWork();
  const { ticketUid } = view;
  return (
    <div className={classes.start}>
      {message !== null && <p role="alert">{message}</p>}
      <Button
        size="compact-sm"
        variant="default"
        loading={working}
        title={t('quality.startHint')}
        onClick={() =>
          void run(async () => {
            await dataClient.quality.startCalibration({ ticketUid });
            showNotice('success', t('quality.done.start', { no: view.ticketNo }));
          })
        }
        data-testid={TEST_IDS.qualityCalibrate}
      >
        {t('quality.start')}
      </Button>
    </div>
  );
}
