import { notNegative, number, optional, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { fusion, type NetworkSpec } from '@polytask/core';
import { passExpert } from '@polytask/experts';
import { constantGate } from '@polytask/gating';
import { defineNetwork, expertLevels, oneExpert } from './levels.ts';
import { orthogonality } from './penalties.ts';

const options = {
  /** The levels, from the input up, all of one width. An expert is one subspace of a task's layer. */
  levels: expertLevels.levels,
  /** The number of subspaces per layer. */
  subspaces: optional(wholeNumber(1), 2),
  /** The initial α of a subspace to itself. The same subspace of the other tasks divides the rest. */
  self: optional(number(), 0.9),
  /** Weight of the orthogonality penalty on a task's subspaces. */
  orthogonality: optional(notNegative, 0.01),
};

export interface SluiceOptions extends Written<typeof options>, FromDescription {}

/**
 * Sluice network (Ruder et al., AAAI'19). Each task's layer is split into subspaces. A learned matrix α mixes all subspaces
 * of all tasks at each level. Learned weights β of each task mix the levels. A penalty keeps the subspaces of a task
 * orthogonal. With one subspace, and β on the last level alone, this is a cross-stitch network.
 *
 * @throws PolytaskError when there is no level, or an option is missing, unknown or doesn't fit
 * @throws PolytaskError, when the model is built, if the levels differ in width
 * @example sluice({ levels: [{ experts: mlp([32]) }, { experts: mlp([32]) }] }) // layers of 64 in two halves
 */
export const sluice: (config: SluiceOptions) => NetworkSpec = defineNetwork(
  'sluice',
  ({ levels, subspaces, self, orthogonality: weight }, tasks) => {
    const parts = Array.from({ length: subspaces }, (_, s) => s);
    const lanes = (task: string, l: number) => parts.map((s) => `${task}.${l}.${s}`);
    const all = (l: number) => tasks.flatMap((task) => lanes(task, l));
    const lowerLanes = (l: number) => levels.slice(0, l).flatMap((_, k) => all(k));

    const mixing = levels.map(({ experts }, l) => ({
      units: tasks.flatMap((task) =>
        lanes(task, l).map((name) => oneExpert(name, l === 0 ? [task] : lanes(task, l - 1))),
      ),
      experts,
      outputs: all(l),
      keeps: lowerLanes(l),
      gate: constantGate({ sees: 'all', start: start(tasks.length, subspaces, self) }),
      penalties: subspaces > 1 && weight > 0 ? [orthogonality({ weight, subspaces })] : [],
    }));
    const layers = tasks.flatMap((task) => levels.map((_, l) => oneExpert(`${task}.${l}`, lanes(task, l))));
    const own = tasks.map((task) => layers.map(({ name }) => (name.startsWith(`${task}.`) ? 1 : 0)));
    return fusion([
      ...mixing,
      { units: layers, experts: passExpert(), outputs: tasks, gate: constantGate({ sees: own, start: 'even' }) },
    ]);
  },
  {
    description:
      'sluice network: layers in two orthogonal halves, mixed over tasks and levels by learned matrices; all levels of the first width',
    paper: 'Ruder et al., AAAI 2019',
    variant: {
      useWhen: 'training should find which parts of which layers the tasks share',
      onlyNamed: true,
      config: ({ expert, widths }) => ({
        levels: widths.map(() => ({ experts: expert([Math.ceil(widths[0]! / 2)]) })),
      }),
    },
    options,
  },
);

/** The initial α: `self` on the diagonal, and the rest for the same subspace of the other tasks. */
function start(tasks: number, subspaces: number, self: number): number[][] {
  const places = Array.from({ length: tasks * subspaces }, (_, i) => i);
  const toOwn = tasks === 1 ? 1 : self;
  return places.map((u) =>
    places.map((e) => (u === e ? toOwn : u % subspaces === e % subspaces ? (1 - self) / (tasks - 1) : 0)),
  );
}
