import { createRequire } from 'node:module';
import path from 'node:path';

/** Folder with the package.json of the engines that are measured beside the product; nothing else of the project knows them. */
export const PEERS_FOLDER = path.resolve(import.meta.dirname, '../../peers');

const requirePeer = createRequire(path.join(PEERS_FOLDER, 'package.json'));

/** A peer's module. Its types are the caller's: it is not installed where the sources are checked. */
export function loadPeer<T>(name: string): T {
  return requirePeer(name) as T;
}
