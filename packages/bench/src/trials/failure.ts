/** A trial that came to nothing. The others go on, and a later run tries it again. */
export interface Failure {
  readonly setting: string;
  readonly model: string;
  readonly seed: number;
  readonly error: Error;
  /** How often it was tried. */
  readonly attempts: number;
  /** The file with its error and what its process wrote; only with `out`. */
  readonly log?: string;
}
