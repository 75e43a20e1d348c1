/** What a gate promises beyond the contract, and what it doesn't promise. */
export interface GateOptions {
  /** What the group of tests is called. Default: the gate's name. */
  name?: string;
  /** True for a gate whose weights are 0 or more and sum to 1 over the experts that a unit sees. Default false. */
  normalized?: boolean;
  /** False for a gate that has nothing to learn. Default true. */
  learned?: boolean;
  /** False for one that starts from the same numbers whatever the seed. Default: as `learned`. */
  random?: boolean;
  /** True where the gradient is an estimate on purpose (straight-through). Default false. */
  estimated?: boolean;
  /** False where onnxruntime-node isn't installed, or the gate can't be compiled. Default true. */
  compiled?: boolean;
}
