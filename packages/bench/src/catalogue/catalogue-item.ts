/** A line of a list. */
export interface CatalogueItem {
  readonly name: string;
  readonly description: string;
  readonly paper?: string;
}
