export type Files = Readonly<Record<string, Uint8Array>>;

/** A format that Polytask reads, for fault campaigns. One file of `formats/` holds one. */
export interface FaultFormat {
  readonly name: string;
  /** Whether the format has a checksum over all that it says. Without one, a damaged file may give another value. Default false. */
  readonly sealed?: boolean;
  example(): Promise<Files>;
  /** Reads files as a user's program does. @returns all that was read, as a text that two readings can be compared by */
  load(files: Files): Promise<string>;
}

export const OUTCOMES = ['refused', 'same', 'changed', 'crash', 'hang'] as const;

export interface Outcome {
  readonly kind: (typeof OUTCOMES)[number];
  /** The message of an error; otherwise ''. */
  readonly message: string;
}

/** Reads files and never throws. */
export type Loader = (format: FaultFormat, files: Files, whole: string) => Promise<Outcome>;

/** Reads files in this process. A loader that never returns is not noticed here. */
export const loadHere: Loader = async (format, files, whole) => {
  try {
    return { kind: (await format.load(files)) === whole ? 'same' : 'changed', message: '' };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: 'no error', message: String(error) };
    return name === 'PolytaskError' ? { kind: 'refused', message } : { kind: 'crash', message: `${name}: ${message}` };
  }
};

export const isFinding = ({ kind }: Outcome, { sealed }: FaultFormat): boolean =>
  kind === 'crash' || kind === 'hang' || (kind === 'changed' && sealed === true);
