import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';

/** The text in the service worker's source that the list of files replaces. */
const LIST = 'self.__WB_MANIFEST';

/** A file of the site, as Workbox reads it. */
interface Entry {
  readonly url: string;
  /** Undefined for a file with a hash in its name. */
  readonly revision: string | null;
}

/** Writes the list of all files of the site into the service worker, which keeps them for use without a connection. */
export function serviceWorkerFiles(): Plugin {
  let publicFolder = '';
  return {
    name: 'service-worker-files',
    apply: 'build',
    configResolved: ({ publicDir }) => void (publicFolder = publicDir),
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const built = Object.values(bundle).map((file): Entry => ({
          url: file.fileName,
          revision: file.fileName.startsWith('assets/')
            ? null
            : revisionOf(file.type === 'chunk' ? file.code : file.source),
        }));
        const copied = readdirSync(publicFolder).map((url): Entry => ({
          url,
          revision: revisionOf(readFileSync(path.join(publicFolder, url))),
        }));
        const worker = bundle['service-worker.js'];
        if (worker?.type !== 'chunk') throw new Error('The build has no service-worker.js.');
        const entries = [...built, ...copied].filter(({ url }) => url !== worker.fileName);
        worker.code = worker.code.replace(LIST, JSON.stringify(entries));
      },
    },
  };
}

const revisionOf = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex').slice(0, 16);
