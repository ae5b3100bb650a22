import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CallFailure, toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { Dialog } from '#renderer/terms/Dialog.tsx';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { QUERY_MAX, useTextProblem } from '#renderer/terms/text-problem.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { Highlight } from '#renderer/ui/Highlight.tsx';
import { PickList } from '#renderer/ui/PickList.tsx';
import type { PersonHit } from '#shared/contract/citizen.contract.ts';
import type { Citizen } from '#shared/domain/citizen.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import type { CitizenId } from '#shared/kernel/ids.ts';
import classes from './PersonEditor.module.css';

interface MergeDialogProps {
  readonly person: Citizen;
  /** People known under the same number: offered before anything is typed. */
  readonly candidates: readonly string[];
  readonly onClose: () => void;
}

const SHOWN = 8;

/** 合并: two records are one person. Nothing is moved, so it can be taken back at once or later. */
export function MergeDialog({ person, candidates, onClose }: MergeDialogProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const [query, setQuery] = useState('');
  const [index, setIndex] = useState(0);
  const [keep, setKeep] = useState<'this' | 'other'>('this');
  const [failure, setFailure] = useState<CallFailure | null>(null);
  const problem = useTextProblem()(query, QUERY_MAX);
  const wanted = problem === null ? query.trim() : '';
  const { data } = useLiveQuery(
    ['citizens'],
    async (signal) => {
      if (wanted !== '') {
        const answer = await dataClient.citizens.search({ query: wanted, limit: SHOWN + 1 }, { signal });
        return { wanted, ...answer };
      }
      const cards = await Promise.all(
        candidates.map((uid) => dataClient.citizens.get({ uid: uid as CitizenId }, { signal })),
      );
      const persons = cards.flatMap(({ citizen, masked, totals }) =>
        citizen ? [toHit(citizen, masked, totals.tickets, totals.open)] : [],
      );
      return { wanted, persons, incomplete: false };
    },
    [wanted, candidates],
  );
  const found = (data?.persons ?? []).filter(({ uid }) => uid !== person.uid).slice(0, SHOWN);
  // Nobody is merged who was found for the letters before.
  const chosen = data?.wanted === wanted ? found[Math.min(index, found.length - 1)] : undefined;

  const merge = async (event: FormEvent) => {
    event.preventDefault();
    if (!chosen) return;
    const [uid, into] = keep === 'this' ? [chosen.uid, person.uid] : [person.uid, chosen.uid];
    try {
      await dataClient.citizens.merge({ uid, into });
      showNotice('success', t('citizen.merge.done'), () => {
        void dataClient.citizens
          .split({ uid })
          .catch((error: unknown) => showNotice('error', failureText(toCallFailure(error))));
      });
      onClose();
    } catch (error) {
      setFailure(toCallFailure(error));
    }
  };
  const nameOf = (name: string) => name || t('call.unknownName');

  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('citizen.merge.title')}
      closeLabel={t('app.close')}
      size={560}
      testId={TEST_IDS.mergeDialog}
    >
      <form className={classes.form} onSubmit={(event) => void merge(event)}>
        <p className={classes.text}>{t('citizen.merge.explain', { name: nameOf(person.fields.name) })}</p>
        <PickList
          label={t('citizen.merge.find')}
          placeholder={t('citizen.merge.find')}
          query={query}
          onQuery={(typed) => {
            setQuery(typed);
            setIndex(0);
          }}
          error={problem}
          lines={found.map((hit) => ({
            id: hit.uid,
            testId: TEST_IDS.mergePerson(hit.uid),
            content: (
              <>
                <span>
                  <Highlight text={nameOf(hit.name)} words={hit.marks} />
                </span>
                <span>{hit.phones.map(formatPhone).join(t('intake.comma'))}</span>
                <span className={classes.side}>
                  {t('search.personTickets', { count: hit.tickets, open: hit.open })}
                </span>
              </>
            ),
          }))}
          active={chosen ? found.indexOf(chosen) : null}
          onActive={setIndex}
          listClass={classes.found}
          lineClass={classes.person}
          testId={TEST_IDS.mergeFind}
        />
        {found.length === 0 && wanted !== '' && data && <p className={classes.text}>{t('citizen.merge.none')}</p>}
        {data?.incomplete && found.length > 0 && (
          <p className={classes.text}>{t('search.morePersons', { count: found.length })}</p>
        )}
        {chosen && (
          <ChoiceGroup
            label={t('citizen.merge.keep')}
            choices={[
              { value: 'this', label: t('citizen.merge.keepOne', { name: nameOf(person.fields.name) }) },
              { value: 'other', label: t('citizen.merge.keepOne', { name: nameOf(chosen.name) }) },
            ]}
            value={keep}
            onChange={setKeep}
            testId={TEST_IDS.mergeKeep}
          />
        )}
        {failure && (
          <p className={classes.problem} role="alert">
            {failureText(failure)}
          </p>
        )}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            {t('citizen.edit.cancel')}
          </Button>
          <Button type="submit" disabled={!chosen} data-testid={TEST_IDS.mergeConfirm}>
            {t('citizen.merge.confirm')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function toHit(citizen: Citizen, masked: boolean, tickets: number, open: number): PersonHit {
  const { name, gender, kind, phones, confidential, remark } = citizen.fields;
  return { uid: citizen.uid, name, gender, kind, phones, confidential, remark, masked, tickets, open, marks: [] };
}
