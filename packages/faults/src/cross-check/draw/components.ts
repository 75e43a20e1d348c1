import { optionsOf, recordOf } from '@polytask/components';
import {
  type ComponentKind,
  aboutOf,
  createSpec,
  denseSchema,
  binary,
  expertVariants,
  fits,
  gateVariants,
  multiTaskModel,
  registered,
  sumGate,
  type ExpertSpec,
  type GateSpec,
  type NetworkSpec,
  type Spec,
} from '@polytask/core';
import { ple } from '@polytask/baselines';
import { mlp } from '@polytask/experts';
import { learningRateAt, type ScheduleSpec } from '@polytask/training';
import { untilItWorks } from './dice.ts';
import { drawOptions, type OptionPlace } from './option-values.ts';

export interface ComponentPlace extends Omit<OptionPlace, 'component'> {
  /** The contexts of the schema. Default: all names. */
  readonly contexts?: readonly string[];
  readonly width: number;
}

/** The components of this repository: those of tests aren't drawn. */
export const namesOf = (kind: ComponentKind): string[] =>
  registered(kind).filter((name) => aboutOf(kind, name).package?.startsWith('@polytask/'));

/** Draws the options of a component, until one can be built. @throws the reason why none could */
export function drawComponent<K extends ComponentKind>(kind: K, name: string, place: ComponentPlace): Spec<K> {
  return untilItWorks(() => {
    const spec = kind === 'gate' && name === 'sum' ? drawSum(place) : drawSpec(kind, name, place);
    TRIALS[kind]?.(spec as never, place);
    return spec as Spec<K>;
  });
}

/** Draws a component within another one: not an ensemble, whose parts belong together, nor a sum of sums. */
const drawInner = (kind: ComponentKind, place: ComponentPlace): Spec =>
  drawComponent(kind, place.dice.of(namesOf(kind).filter((name) => !COMPOSED.includes(name))), place);

/** Names that options of `tf-layer` may take: classes of TF.js. */
const LAYERS = ['Dense'];

const COMPOSED = [
  ...['sum', 'ensemble', 'sequential', 'mixture', 'per-context', 'gradient-boosting'],
  ...['binned', 'one-hot', 'embed', 'rotograd'],
];

function drawSpec(kind: ComponentKind, name: string, place: ComponentPlace): Spec {
  const options = optionsOf(kind, name) ?? {};
  const names = name === 'tf-layer' ? LAYERS : place.names;
  const inner: OptionPlace = { ...place, names, component: (each) => drawInner(each, place) };
  const config = drawOptions(options, inner);
  const units = options['units'];
  if (kind === 'expert' && units)
    config['units'] = [place.width, [place.width], [3, place.width]].find((value) => fits(units, value));
  return createSpec(kind, name, config);
}

const drawSum = (place: ComponentPlace): GateSpec =>
  sumGate(drawInner('gate', place) as GateSpec, drawInner('gate', place) as GateSpec);

/** Whether a component can be built somewhere, by kind. */
const TRIALS: { readonly [K in ComponentKind]?: (spec: never, place: ComponentPlace) => void } = {
  expert: (experts: ExpertSpec, place) => builds(ple({ levels: [{ experts, perTask: 1, shared: 1 }] }), place),
  // as many experts as a category has numbers
  gate: (gate: GateSpec, place) =>
    builds(ple({ levels: [{ experts: mlp([place.width]), perTask: 4, shared: 1, gate }] }), place),
  schedule(schedule: ScheduleSpec) {
    const rates = Array.from({ length: STEPS }, (_, step) =>
      learningRateAt(schedule, { step, stepsPerEpoch: STEPS / 2 }),
    );
    if (Math.max(...rates) > LARGEST_RATE) throw new Error(`${JSON.stringify(schedule)} is above ${LARGEST_RATE}`);
  },
};

const STEPS = 8;
/** The largest learning rate of a schedule, with which hardly any training diverges. */
const LARGEST_RATE = 0.05;

export const RATES: readonly unknown[] = [0, 0.003, 0.01, 0.03, 0.5, 2, true, false, { steps: 2 }, { epochs: 1 }];

/** Builds a model of six numbers, and of categories of the names that options may take. */
function builds(network: NetworkSpec, { names, contexts = names }: ComponentPlace): void {
  const schema = denseSchema(6, { a: binary(), b: binary() });
  const categories = recordOf([...names], () => ({ kind: 'categorical', vocabulary: ['a'] }));
  multiTaskModel({
    schema: { ...schema, features: { ...schema.features, ...categories }, context: contexts },
    network,
    seed: 1,
  }).dispose();
}

/** An expert of a width: a variant of comparisons, or with options of its own. */
export function drawExpert(name: string, place: ComponentPlace): ExpertSpec {
  const variants = expertVariants().filter(({ component }) => component === name);
  const isVariant = variants.length > 0 && place.dice.chance(0.5);
  return isVariant ? place.dice.of(variants).layer(place.width) : drawComponent('expert', name, place);
}

/** A gate, which reads what the architecture's own gate reads, or what its options say. */
export function drawGate(name: string, reads: 'unit' | 'raw', place: ComponentPlace): GateSpec {
  const variants = gateVariants().filter(({ component }) => component === name);
  const isVariant = variants.length > 0 && place.dice.chance(0.5);
  return isVariant ? place.dice.of(variants).gate(reads) : drawComponent('gate', name, place);
}
