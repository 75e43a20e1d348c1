import { BASELINE, type SuiteDeclaration } from '@polytask/study';
import { modelOf, NONE, type Setup } from './setup.ts';

/** The name of the suite, in results and in the file. */
export const SUITE = 'playground';

/** The narrowest expert. */
const NARROWEST = 4;

/**
 * The suite that a setup asks for, as the command line reads it from a file. The page runs this declaration itself.
 *
 * @param table the name of the data set; undefined for synthetic tasks
 */
export function suiteOfSetup(setup: Setup, table: string | undefined): SuiteDeclaration {
  const { models, expert, gate, balancer, levels, width, experts, epochs, seeds } = setup;
  return {
    name: SUITE,
    ...(table === undefined ? { extends: 'synthetic', data: syntheticData(setup) } : { extends: documentName(table) }),
    models: models.map(modelOf),
    ...(expert !== NONE && { experts: [expert] }),
    ...(gate !== NONE && { gates: [gate] }),
    ...(balancer !== NONE && { balancers: [balancer] }),
    baseline: models.includes(BASELINE) ? BASELINE : models[0]!,
    size: {
      levels: Array.from({ length: levels }, (_, level) => Math.max(NARROWEST, Math.round(width / 2 ** level))),
      experts,
    },
    training: { epochs },
    seeds,
  };
}

/** The name of a data set's document. */
export const documentName = (table: string): string => `${table}.json`;

const syntheticData = ({ tasks, correlation, conflict, noise, labels, rows }: Setup) => ({
  ...{ tasks, correlation, conflict, noise, rows },
  labelRate: Array.from({ length: tasks }, (_, task) => (task === 0 ? labels : 1)),
});
