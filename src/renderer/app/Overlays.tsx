import { lazy, Suspense } from 'react';
import { CommandPalette } from './CommandPalette.tsx';
import { useRestoreDraft } from './use-restore-draft.ts';

const ShortcutSheet = lazy(() => import('./ShortcutSheet.tsx').then((module) => ({ default: module.ShortcutSheet })));
const RestoreDialog = lazy(() =>
  import('../features/intake/RestoreDialog.tsx').then((module) => ({ default: module.RestoreDialog })),
);

/** A window over the work that the agent opens by key. */
export type Overlay = 'palette' | 'shortcuts' | 'recover';

interface OverlaysProps {
  readonly overlay: Overlay | null;
  readonly onClose: () => void;
}

/**
 * The windows over the work that the agent opens by key. Sheet and list of drafts are loaded when they are first wanted; the palette is
 * there before its key, because what is typed right after it must not land in the form.
 */
export function Overlays({ overlay, onClose }: OverlaysProps) {
  const restoreDraft = useRestoreDraft();
  return (
    <Suspense fallback={null}>
      {overlay === 'palette' && <CommandPalette onClose={onClose} />}
      {overlay === 'shortcuts' && <ShortcutSheet onClose={onClose} />}
      {overlay === 'recover' && <RestoreDialog onRestore={restoreDraft} onClose={onClose} />}
    </Suspense>
  );
}
