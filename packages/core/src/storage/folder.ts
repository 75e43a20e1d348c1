/**
 * The files of one directory. Whatever must survive a crash is written through this contract. For a reader, a file has the content before a
 * write or after it, whenever the writing process stops.
 */
export interface Folder {
  /** The bytes of a file. Returns undefined when the file doesn't exist. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Reads a file that may be too large for memory. */
  readonly readParts: ReadParts;
  /**
   * Runs an action that writes. Writers of one folder take turns, those of other processes too. A killed writer doesn't hold
   * up the others. The action must not call `write` of the same folder.
   *
   * @throws PolytaskError when another process keeps its turn for more than a minute
   */
  write<T>(action: (writer: FolderWriter) => Promise<T>): Promise<T>;
  /** Claims a name, so that nobody else does the same work meanwhile; undefined while somebody else has it. A killed process has nothing. */
  claim(name: string): Promise<Release | undefined>;
  claims(): Promise<Claim[]>;
}

export type Release = () => Promise<void>;

/** A claimed name, and in words who has it. */
export interface Claim {
  readonly name: string;
  readonly owner: string;
}

/** What a writer does in its turn. A promise is fulfilled when the change is on the disk. */
export interface FolderWriter {
  /** Gives a file new content. An error leaves the file as it was. */
  replace(name: string, content: FileContent): Promise<void>;
  /** Renames a file, and replaces a file with the new name. A power cut may undo the change. */
  move(from: string, to: string): Promise<void>;
  /** Removes a file. A missing file is no error. */
  remove(name: string): Promise<void>;
  /** Adds a line to a file. It first removes an incomplete last line, which a killed writer left. */
  appendLine(name: string, line: string): Promise<void>;
  /** The size of a file in bytes; 0 when the file doesn't exist. */
  size(name: string): Promise<number>;
}

/** The content of a file: a text, its bytes, or parts of its bytes, one after the other. */
export type FileContent = string | Uint8Array | Iterable<Uint8Array>;

export interface FileParts {
  /** The size of the file in bytes. */
  readonly size: number;
  /** The bytes of the file, one part after the other. */
  readonly parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** Calls a function with a file, whose size and parts are of one moment. Returns undefined when the file doesn't exist. */
export type ReadParts = <R>(name: string, use: (file: FileParts) => Promise<R>) => Promise<R | undefined>;

/** Reads files in one part, from a storage that gives all bytes at once. */
export const inOnePart =
  (read: (name: string) => Promise<Uint8Array | undefined>): ReadParts =>
  async (name, use) => {
    const bytes = await read(name);
    return bytes && use({ size: bytes.length, parts: [bytes] });
  };
/** Files of a browser by path, such as `run/model.json`. Turns, lines and renaming are the same for all stores. */
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
