import { lazy, Suspense } from 'react';
import { CommandPalette } from './CommandPalette.tsx';

const ShortcutSheet = lazy(() => import('./ShortcutSheet.tsx').then((module) => ({ default: module.ShortcutSheet })));

interface OverlaysProps {
  readonly overlay: 'palette' | 'shortcuts' | null;
  readonly onClose: () => void;
}

/**
 * The two windows over the work that the agent opens by key. The sheet is loaded when it is first wanted; the palette is there before its
 * key, because what is typed right after it must not land in the form.
 */
export function Overlays({ overlay, onClose }: OverlaysProps) {
  return (
    <Suspense fallback={null}>
      {overlay === 'palette' && <CommandPalette onClose={onClose} />}
      {overlay === 'shortcuts' && <ShortcutSheet onClose={onClose} />}
    </Suspense>
  );
}
