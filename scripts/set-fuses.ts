import path from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses';
import type { AfterPackContext } from 'electron-builder';

/**
 * electron-builder's hook after the application was put together: switches off what an installed console never needs
 * (security model, FUSE-1). Strict: an Electron with a fuse not named here fails the packaging.
 */
export async function afterPack(context: AfterPackContext): Promise<void> {
  const { appOutDir, electronPlatformName, packager } = context;
  const name = packager.appInfo.productFilename;
  const executable = {
    darwin: `${name}.app`,
    win32: `${name}.exe`,
    linux: packager.platformSpecificBuildOptions.executableName ?? packager.appInfo.name,
  }[electronPlatformName];
  if (executable === undefined) throw new Error(`No fuses known for ${electronPlatformName}`);
  const file = path.join(appOutDir, executable);
  const settings = {
    version: FuseVersion.V1,
    resetAdHocDarwinSignature: electronPlatformName === 'darwin',
    [FuseV1Options.RunAsNode]: false,
    [FuseV1Options.EnableCookieEncryption]: true,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: false,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
    [FuseV1Options.OnlyLoadAppFromAsar]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  } as const;
  const newest = { [FuseV1Options.WasmTrapHandlers]: true } as const;
  // The runtime for closed networks, packaged as a trial only, is older than the newest fuse.
  const isTrial = !(FuseV1Options.WasmTrapHandlers in (await getCurrentFuseWire(file)));
  await flipFuses(file, isTrial ? settings : { ...settings, ...newest, strictlyRequireAllFuses: true });
}
