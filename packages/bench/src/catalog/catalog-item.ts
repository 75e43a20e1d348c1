/** A line of a list. */
export interface CatalogItem {
  readonly name: string;
  readonly description: string;
  readonly paper?: string;
}
