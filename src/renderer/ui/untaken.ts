/**
 * Puts the cursor into the first picker whose text was typed and not taken: its list opens, and it says so. Nothing may leave without what
 * somebody typed.
 * @returns false when there is none
 */
export function focusUntaken(root: ParentNode | null): boolean {
  const picker = root?.querySelector<HTMLElement>('[data-untaken]');
  picker?.focus();
  return picker !== null && picker !== undefined;
}
