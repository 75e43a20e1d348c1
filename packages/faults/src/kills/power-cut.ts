import fs from 'node:fs';
import path from 'node:path';

/** A file on the disk: its bytes at its last sync. */
interface SyncedFile {
  content: Uint8Array | string;
}

/**
 * The files below a root that a power cut would leave, by the strictest reading of POSIX. A file has the bytes of its last sync, and a
 * directory the names of its last sync. Files that were there at the start were synced.
 */
export class PowerCut {
  readonly #root: string;
  readonly #files = new Map<number, SyncedFile>();
  /** By directory, the synced names with their files; undefined for a directory. */
  readonly #names = new Map<string, Map<string, SyncedFile | undefined>>();

  constructor(root: string) {
    this.#root = root;
    const places = ['', ...fs.readdirSync(root, { recursive: true, encoding: 'utf8' })].map((name) =>
      path.join(root, name),
    );
    for (const place of places.reverse()) this.synced(place); // what is in a directory before the directory
  }

  /** A new file, which may have the inode of one that was removed. */
  created(file: string): void {
    this.#files.set(fs.statSync(file).ino, { content: '' });
  }

  /** The file or directory was synced. */
  synced(file: string): void {
    if (fs.statSync(file).isDirectory()) {
      const entries = fs.readdirSync(file, { withFileTypes: true });
      const syncedOf = (entry: fs.Dirent) =>
        entry.isDirectory() ? undefined : this.#fileAt(path.join(file, entry.name));
      this.#names.set(file, new Map(entries.map((entry) => [entry.name, syncedOf(entry)])));
    } else this.#fileAt(file).content = fs.readFileSync(file);
  }

  #fileAt(file: string): SyncedFile {
    const { ino } = fs.statSync(file);
    if (!this.#files.has(ino)) this.#files.set(ino, { content: '' });
    return this.#files.get(ino)!;
  }

  /** Puts the files back to what was synced. */
  cut(): void {
    const restore = (directory: string) => {
      fs.rmSync(directory, { recursive: true, force: true });
      fs.mkdirSync(directory);
      for (const [name, file] of this.#names.get(directory) ?? []) {
        const place = path.join(directory, name);
        if (file) fs.writeFileSync(place, file.content);
        else restore(place);
      }
    };
    restore(this.#root);
  }
}
