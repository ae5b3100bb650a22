import classes from './KeyHint.module.css';

/** A key cap. It is a hint for the eye; screen readers get the key from `aria-keyshortcuts`. */
export function KeyHint({ keys }: { readonly keys: string }) {
  if (keys === '') return null;
  return (
    <kbd className={classes.key} aria-hidden>
      {keys}
    </kbd>
  );
}
