/** Puts a text on the system's clipboard. False when it could not be done: the window is not in front, or the system refused. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
