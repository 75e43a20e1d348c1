/** The files of an example, by name. */
export type Files = Readonly<Record<string, Uint8Array>>;

/** A format that Polytask reads, for fault campaigns. One file of `formats/` holds one. */
export interface FaultFormat {
  readonly name: string;
  /** Whether the format has a checksum over all that it says. Without one, a damaged file may give another value. */
  readonly sealed: boolean;
  /** Makes the files of a whole example. */
  example(): Promise<Files>;
  /** Reads files as a user's program does. @returns all that was read, as a text that two readings can be compared by */
  load(files: Files): Promise<string>;
}
