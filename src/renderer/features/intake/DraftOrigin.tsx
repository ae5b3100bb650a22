import { IconTransferIn, IconTransferOut, IconUrgent } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { CorrectionLine } from './CorrectionLine.tsx';
import classes from './DraftOrigin.module.css';
import type { OpenDraft } from './intake.store.ts';

/** Above a form that did not begin here, was refused, or whose call was handed over: from whom, why, to whom, when. */
export function DraftOrigin({ draft }: { readonly draft: OpenDraft }) {
  const { t } = useTranslation();
  const { handedFrom, handedTo, handOffs } = draft;
  return (
    <>
      {draft.correctsUid && <CorrectionLine draft={draft} correctsUid={draft.correctsUid} />}
      {handedFrom && (
        <p className={classes.line} data-testid={TEST_IDS.intakeHandedFrom}>
          <IconTransferIn size={15} aria-hidden />
          {t('intake.handedFrom', { ...handedFrom })}
          <TimeText at={handedFrom.at} />
        </p>
      )}
      {handedTo && (
        <p className={classes.line} data-testid={TEST_IDS.intakeHandedTo}>
          <IconTransferOut size={15} aria-hidden />
          {t('intake.handedTo', { ...handedTo })}
        </p>
      )}
      {handOffs.map((handOff) => (
        <p
          key={`${handOff.service} ${handOff.at}`}
          className={classes.line}
          data-tone="bad"
          role="status"
          data-testid={TEST_IDS.intakeHandedOff}
        >
          <IconUrgent size={15} aria-hidden />
          {t('intake.handOffNote', { service: t(`call.party.${handOff.service}`) })}
          <TimeText at={handOff.at} />
        </p>
      ))}
    </>
  );
}
