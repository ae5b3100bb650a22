import { Menu } from 'electron';

/**
 * The application menu: none on Linux and Windows, so that no key of the work area is taken; on macOS the two that
 * copying and quitting depend on.
 */
export function installMenu(platform: NodeJS.Platform): void {
  Menu.setApplicationMenu(
    platform === 'darwin' ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }]) : null,
  );
}
