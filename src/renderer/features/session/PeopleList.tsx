import { useTranslation } from 'react-i18next';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import type { Role } from '#shared/domain/roles.ts';
import classes from './SignInScreen.module.css';

interface Person {
  readonly account: string;
  readonly name: string;
  readonly role?: string;
  /** Digit that picks this person. */
  readonly digit?: number;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
}

interface PeopleListProps {
  readonly title: string;
  readonly hint: string;
  readonly people: readonly Person[];
  readonly testId: (account: string) => string;
  readonly onPick: (account: string, index: number) => void;
}

/** People who can enter here with one key. */
export function PeopleList({ title, hint, people, testId, onPick }: PeopleListProps) {
  const { t, i18n } = useTranslation();
  // The list of roles itself would pull the validators into the first load.
  const roleName = (role: string) => (i18n.exists(`terms.role.${role}`) ? t(`terms.role.${role as Role}`) : role);
  return (
    <section className={classes.people}>
      <div className={classes.peopleHead}>
        <h2>{title}</h2>
        <span>{hint}</span>
      </div>
      {people.map((person, index) => (
        <button
          key={person.account}
          type="button"
          className={classes.person}
          disabled={person.disabled ?? false}
          aria-pressed={person.pressed}
          aria-keyshortcuts={person.digit === undefined ? undefined : String(person.digit)}
          onClick={() => onPick(person.account, index)}
          data-testid={testId(person.account)}
        >
          {person.digit !== undefined && <KeyHint keys={String(person.digit)} />}
          <span>{person.name}</span>
          <span className={classes.role}>{person.role === undefined ? '' : roleName(person.role)}</span>
          <span className={classes.account}>{person.account}</span>
        </button>
      ))}
    </section>
  );
}
