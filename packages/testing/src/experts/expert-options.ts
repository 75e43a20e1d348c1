/** What an expert promises beyond the contract, and what it doesn't promise. */
export interface ExpertOptions {
  /** What the group of tests is called. Default: the expert's name. */
  name?: string;
  /** The width of its output, to be compared. */
  outputDim?: number;
  /** False for an expert that has nothing to learn. Default true. */
  learned?: boolean;
  /** False for one that starts from the same numbers whatever the seed. Default: as `learned`. */
  random?: boolean;
  /** True where the gradient is an estimate on purpose (straight-through, reversed). Default false. */
  estimated?: boolean;
  /** False where onnxruntime-node isn't installed, or the expert can't be compiled. Default true. */
  compiled?: boolean;
}
