import { binary, denseSchema, fusionWeights, type ModelDeclaration, multiTaskModel, type Schema } from '@polytask/core';
import type { DrawnLevel } from '@polytask/playground/fusion-graph';

/** The source of a cell of W: nothing, a 1, a learned constant, a gate, or a gate and a constant. */
export type Cell = 'none' | 'one' | 'learned' | 'gated' | 'both';

/** W of one level, in kinds of cells. */
export interface LevelPattern {
  /** The names of the rows: the tasks' lanes and others. */
  readonly outputs: readonly string[];
  /** [outputs, experts] */
  readonly cells: readonly (readonly Cell[])[];
  /** The weights themselves. */
  readonly weights: DrawnLevel;
}

/** The tasks of all drawings. */
export const TASKS = ['click', 'like', 'watch'] as const;

const CONTEXT = 'tab';
const TABS = ['home', 'search'];

const ROWS = Array.from({ length: 8 }, (_, r) => ({ x: [Math.sin(r), Math.cos(r), r / 8], [CONTEXT]: TABS[r % 2]! }));

/**
 * Reads the kinds of W's cells off a fresh model, level by level. A constant that starts at exactly 1 counts as fixed.
 *
 * @param parts the architecture, for the tasks {@link TASKS}
 * @param needsContext whether the schema has a context. Default false
 */
export function weightPattern(
  parts: Pick<ModelDeclaration, 'network'> & Partial<ModelDeclaration>,
  needsContext = false,
): LevelPattern[] {
  const dense = denseSchema(3, Object.fromEntries(TASKS.map((task) => [task, binary()])));
  const tab = { kind: 'categorical', vocabulary: TABS } as const;
  const schema: Schema = needsContext
    ? { ...dense, features: { ...dense.features, [CONTEXT]: tab }, context: [CONTEXT] }
    : dense;
  const model = multiTaskModel({ ...parts, schema, seed: 1 });
  const examples = {
    schema,
    size: ROWS.length,
    batch: (at: ArrayLike<number>) => model.encode(Array.from(at, (row) => ROWS[row]!)),
  };
  const levels = fusionWeights(model, examples);
  model.dispose();
  return levels.map(({ outputs, experts, gated, constant }) => ({
    outputs,
    weights: { outputs, experts: experts.map(({ unit, index }) => `${unit}.${index}`), gated, constant },
    cells: gated.map((row, u) => row.map((weight, e) => cellOf(weight, constant[u]![e]!))),
  }));
}

function cellOf(gated: number, constant: number): Cell {
  if (gated !== 0) return constant === 0 ? 'gated' : 'both';
  if (constant === 0) return 'none';
  return constant === 1 ? 'one' : 'learned';
}
