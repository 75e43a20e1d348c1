/** A line of a list. */
export interface Entry {
  readonly name: string;
  readonly description: string;
  readonly paper?: string;
}
