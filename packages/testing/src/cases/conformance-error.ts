/** A promise that a component doesn't keep: which, what was expected, what was seen, and how to mend it. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError';
}

/** What a check found. {@link casesOf} adds whose promise it was, and which. */
export interface Finding {
  readonly expected: string;
  readonly seen: string;
  readonly mend: string;
}

/**
 * Throws a {@link ConformanceError} of three sentences.
 *
 * @example broken({ expected: 'the start of its seed', seen: 'another', mend: 'Draw from the scope.' });
 * // ConformanceError: Expected the start of its seed, saw another. Draw from the scope.
 */
export function broken({ expected, seen, mend }: Finding): never {
  throw new ConformanceError(`Expected ${expected}, saw ${seen}. ${mend}`);
}
