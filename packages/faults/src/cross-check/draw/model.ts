import { optionsOf, createSpec } from '@polytask/components';
import { trainerOf, type InputSpec, type ModelDeclaration, type NetworkSpec, type Tasks } from '@polytask/core';
import { models } from '@polytask/study';
import { drawComponent, drawExpert, drawGate, namesOf, type ComponentPlace } from './components.ts';
import { dealt, type Dice, type DrawPlace, turnOf } from './dice.ts';
import { drawValue } from './option-values.ts';

export type DrawnModel = Omit<ModelDeclaration, 'schema' | 'seed'>;

export interface ModelPlace extends DrawPlace {
  readonly dice: Dice;
  readonly tasks: Tasks;
  /** Names of features and contexts, which options of networks may name. */
  readonly names: readonly string[];
  readonly contexts: readonly string[];
}

/** The network that brings members, each with an input of its own. */
const ENSEMBLE = 'ensemble';
/** Inputs that belong to a network, and cannot stand alone. */
const BOUND_INPUTS = [ENSEMBLE, 'binned', 'periodic'];

/** The names of the rows of the model table, and the networks that no row has. */
export const architectures = (): string[] => {
  const rows = models().map(({ name }) => name);
  const built = new Set(models().map((row) => networkOf(row.name)));
  return [...rows, ...namesOf('network').filter((name) => !built.has(name))];
};

const networkOf = (row: string): string =>
  rowOf(row)!.build({ levels: [2], experts: 4, tower: [2], embedding: 2 }, ['a', 'b'], { contexts: ['c'] }).network
    .name;

const rowOf = (name: string) => models().find((row) => row.name === name);

/** Draws a model around the architecture that is dealt to the configuration. */
export function drawModel(place: ModelPlace): DrawnModel {
  const { dice, number } = place;
  const model = modelOf(dealt(architectures(), 'architecture', place, number), place);
  if (trainerOf(model.network)) return model; // such as trees, which take neither of these
  return {
    ...model,
    ...(dice.chance(0.15) && { members: 2 }),
    ...(dice.chance(0.1) && { rotations: {} }),
    ...(dice.chance(0.1) && { selfAuxiliaries: { weight: 0.3 } }),
    ...(dice.chance(0.3) && { headStart: 'random' as const }),
  };
}

function modelOf(architecture: string, place: ModelPlace): DrawnModel {
  const { dice, tasks, contexts } = place;
  const width = dice.of([3, 4, 6]);
  const parts: ComponentPlace = { ...place, width };
  const expert = drawExpert(dealt(namesOf('expert'), 'expert', place), parts);
  const tower = dice.chance(0.5) ? { tower: drawExpert(dice.of(namesOf('expert')), parts) } : {};
  const row = rowOf(architecture);
  if (architecture === ENSEMBLE) {
    const members = Array.from({ length: 1 + dice.below(2) }, () => modelOf(dice.of(MEMBERS), place));
    return {
      network: createSpec('network', ENSEMBLE, {
        members: members.map(({ network }) => ({ network, ...tower })),
      }) as NetworkSpec,
      input: createSpec('input', ENSEMBLE, { members: members.map(({ input }) => input) }) as InputSpec,
    };
  }
  if (!row)
    return { network: drawComponent('network', architecture, parts) as NetworkSpec, ...tower, input: drawInput(parts) };
  let gates = 0;
  const gate = (reads: 'unit' | 'raw') => {
    const name = dealt(namesOf('gate'), 'gate', place, GATE_TURNS * turnOf(place) + (gates++ % GATE_TURNS));
    return drawGate(name, reads, parts);
  };
  const exchanged = {
    ...(dice.chance(0.8) && { expert: () => expert }),
    ...(dice.chance(0.8) && { gate }),
  };
  const names = Object.keys(tasks);
  const levels = Array.from({ length: 1 + dice.below(2) }, () => width);
  const size = { levels, experts: dice.of([2, 3]) * names.length, tower: [3], embedding: dice.of([2, 4]) };
  const built = row.build(size, names, { ...exchanged, contexts });
  const { tower: _, ...rest } = built;
  const isFree = built.input?.name === 'embed';
  const input = isFree ? drawInput(parts) : (drawComponent('input', built.input!.name, parts) as InputSpec);
  const network = withDrawnOptions(built.network, parts);
  return { ...rest, network, ...(isFree && tower), input };
}

/** The gates that are dealt to a configuration: one for each level. */
const GATE_TURNS = 2;

const MEMBERS = ['adatt', 'ple', 'mmoe', 'shared-bottom', 'single-task', 'cross-stitch'];

function drawInput(place: ComponentPlace): InputSpec {
  const names = namesOf('input').filter((name) => !BOUND_INPUTS.includes(name));
  return drawComponent('input', place.dice.of(['embed', 'embed', ...names]), place) as InputSpec;
}

/** The network with some options drawn anew, of those that aren't components or lists. */
function withDrawnOptions(network: NetworkSpec, place: ComponentPlace): NetworkSpec {
  const config = { ...(network.config as Record<string, unknown>) };
  for (const [name, option] of Object.entries(optionsOf('network', network.name) ?? {})) {
    if (typeof config[name] === 'object' || !place.dice.chance(0.3)) continue;
    const value = drawValue(option, place);
    if (value !== undefined) config[name] = value;
  }
  return createSpec('network', network.name, config) as NetworkSpec;
}
