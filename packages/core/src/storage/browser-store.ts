/**
 * Files by path in the storage of a browser. A path has the directory and the name of the file, such as `run/model.json`. The
 * store decides nothing else: turns, lines and renaming are the same for all of them.
 */
export interface BrowserStore {
  /** The bytes of a file. Returns undefined when the file doesn't exist. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Gives a file new content, as a whole: a reader sees the old content or the new one. */
  write(path: string, content: Uint8Array): Promise<void>;
  /** Removes a file. A missing file is no error. */
  remove(path: string): Promise<void>;
  /** The paths of all files in a directory and in its subdirectories. */
  list(directory: string): Promise<string[]>;
}
