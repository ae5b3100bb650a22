import { lazy, Suspense } from 'react';
import { useAction } from '../platform/actions.ts';

const CommandPalette = lazy(() =>
  import('./CommandPalette.tsx').then((module) => ({ default: module.CommandPalette })),
);
const ShortcutSheet = lazy(() => import('./ShortcutSheet.tsx').then((module) => ({ default: module.ShortcutSheet })));

interface OverlaysProps {
  readonly overlay: 'palette' | 'shortcuts' | null;
  readonly onClose: () => void;
}

/** The two windows over the work that the agent opens by key; they are loaded when they are first wanted. */
export function Overlays({ overlay, onClose }: OverlaysProps) {
  useAction('app.back', onClose, overlay !== null);
  return (
    <Suspense fallback={null}>
      {overlay === 'palette' && <CommandPalette onClose={onClose} />}
      {overlay === 'shortcuts' && <ShortcutSheet onClose={onClose} />}
    </Suspense>
  );
}
