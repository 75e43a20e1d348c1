import type { FaultFormat, Files } from './format.ts';

/** The outcome of reading damaged files. */
export interface Outcome {
  readonly kind: 'same' | 'refused' | 'changed' | 'crash' | 'hang';
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

/** Whether an outcome is a fault of Polytask. */
export const isFinding = ({ kind }: Outcome, { sealed }: FaultFormat): boolean =>
  kind === 'crash' || kind === 'hang' || (kind === 'changed' && sealed);
