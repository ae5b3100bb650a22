import { useEffect, useState } from 'react';
import type { CannedTextFile } from '#shared/domain/canned-text.ts';

let loading: Promise<CannedTextFile> | null = null;
let loaded: CannedTextFile | null = null;

/** The canned texts, or null until they are there; `wanted` starts loading them. */
export function useCannedTexts(wanted: boolean): CannedTextFile | null {
  const [file, setFile] = useState(loaded);
  useEffect(() => {
    if (!wanted || file) return;
    loading ??= import('#resources/canned-texts.json').then((module) => {
      loaded = module.default as CannedTextFile;
      return loaded;
    });
    void loading.then(setFile);
  }, [wanted, file]);
  return file;
}
