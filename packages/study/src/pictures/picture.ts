/** A picture as a Vega-Lite specification. */
export interface Picture {
  /** Of its file, without an ending. */
  readonly name: string;
  /** What it shows, in a line. */
  readonly caption: string;
  /** JSON. */
  readonly spec: object;
}

/** A picture that is drawn. */
export interface DrawnPicture extends Omit<Picture, 'spec'> {
  readonly svg: string;
}

/** The pictures of one table. */
export interface TablePictures<P = DrawnPicture> {
  readonly differences: readonly P[];
  readonly curves: readonly P[];
  readonly costs: readonly P[];
  readonly sensitivity: readonly P[];
  /** Of the first seed, model by model. */
  readonly fusion: readonly { readonly model: string; readonly levels: readonly P[] }[];
}

export const allPictures = <P>({ differences, sensitivity, curves, costs, fusion }: TablePictures<P>): P[] => [
  ...differences,
  ...sensitivity,
  ...curves,
  ...costs,
  ...fusion.flatMap(({ levels }) => levels),
];
