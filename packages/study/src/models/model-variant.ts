import { choose, fail, findEntry, type FromDescription, unique, withOptions, type Written } from '@polytask/components';
import type { BalancerSpec } from '@polytask/balancing';
import {
  checks,
  expertVariants,
  gateVariants,
  type NamedExpertVariant,
  type NamedGateVariant,
  readOptions,
} from '@polytask/core';
import {
  type Space,
  spaceOptions,
  isRegisteredModel,
  type ExchangedParts,
  type ModelParts,
  type RegisteredModel,
  type ModelSize,
  models,
  someSize,
  smallParts,
} from './models.ts';
import { sequential } from '@polytask/experts';

const { anything, custom, listOf, optional, record, shaped, string, text } = checks;
import '@polytask/gating'; // its gates register themselves

const entryOptions = {
  /** A name of the table, with options of its network if you like: `adatt(residual=false)`. Or a row of your own. */
  model: custom<string | RegisteredModel>(
    (value, where) => (isRegisteredModel(value) ? value : text.read(value, where)),
    text.shape,
  ),
  /** What its row is called, and how results name it. Default: the model's name and options. */
  as: optional(text),
  /** Another size than the table's other models. */
  size: optional(someSize, {}),
  /** Options of its network instead of those that the table gives: `{ residual: false }`. */
  network: optional(record(anything), {}),
  /** Hyper-parameters that a search tries for this model, besides those of the suite. */
  space: optional(shaped(spaceOptions), {}),
};

/** A model of a suite that isn't quite as the table has it. */
export interface ModelEntry extends Written<typeof entryOptions>, FromDescription {}

/** What a list of models may hold. */
export type ModelReference = string | RegisteredModel | ModelEntry;

export const modelReference = custom<ModelReference>(
  (value, where) =>
    typeof value === 'string' || isRegisteredModel(value) ? value : readOptions(value, entryOptions, where),
  { either: [text, shaped(entryOptions)] },
);

/** A row of a suite's tables. */
export interface ModelVariant {
  readonly parts: TrialParts;
  /** The {@link modelLabel} its parts. */
  readonly label: string;
  readonly entry: RegisteredModel;
  readonly size: Partial<ModelSize>;
  readonly network: Readonly<Record<string, unknown>>;
  readonly space: Space;
  /** The expert and the gate in place of the model's own. */
  readonly exchanged?: ExchangedParts;
  /** Undefined: the plain sum of the losses. */
  readonly balancing?: BalancerSpec | undefined;
  /** The label under the plain sum of a model whose task weights are tuned, from the configuration that one has. */
  readonly tunedFrom?: string;
}

/** The rows of a suite's tables, one a label. */
export function modelVariants(entries: readonly ModelReference[]): ModelVariant[] {
  const found = new Map<string, ModelVariant>();
  for (const entry of entries) {
    const variant = variantOf(entry);
    const before = found.get(variant.label);
    if (before && !sameVariant(before, variant)) {
      fail({
        expected: 'a name of its own for each model of a suite',
        received: `"${variant.label}" twice`,
        fix: `Name one of them: { model: '${variant.entry.name}', as: 'another name' }.`,
      });
    }
    found.set(variant.label, before ?? variant);
  }
  return [...found.values()];
}

function variantOf(reference: ModelReference): ModelVariant {
  const given = typeof reference === 'string' || isRegisteredModel(reference) ? { model: reference } : reference;
  const { model, as, size, network, space } = readOptions(given, entryOptions, 'models');
  const { entry, options, label } = isRegisteredModel(model)
    ? { entry: model, options: {}, label: model.name }
    : choose(models(), model, 'model');
  if (label !== entry.name) withOptions(smallParts(entry).network, options); // checks them before data is read
  return {
    ...named({ model: as ?? label, network: entry.name }),
    ...{ entry, size, network: { ...options, ...network }, space },
  };
}

export const named = (parts: TrialParts): Pick<ModelVariant, 'parts' | 'label'> => ({
  parts,
  label: modelLabel(parts),
});

const sameVariant = (a: ModelVariant, b: ModelVariant): boolean =>
  a.entry === b.entry && JSON.stringify([a.size, a.network, a.space]) === JSON.stringify([b.size, b.network, b.space]);

/** The declaration of a model at a size; its own size and options come on top. @param contexts names of the schema's contexts */
export function partsOf(
  { entry, size: own, network: options, exchanged }: ModelVariant,
  size: ModelSize,
  tasks: readonly string[],
  contexts: readonly string[] = [],
): ModelParts {
  const parts = entry.build({ ...size, ...own }, tasks, { ...exchanged, contexts });
  return { ...parts, network: withOptions(parts.network, options) };
}

export const trialParts = {
  /** The name of the model in the suite: that of its row, unless the suite calls it otherwise. */
  model: string,
  /** The name of its row in the model table. Missing for a model that was trained elsewhere. */
  network: optional(string),
  /** The expert in place of the model's own. */
  expert: optional(string),
  /** The gate in place of the model's own. */
  gate: optional(string),
  /** The balancer. Missing for the plain sum of the losses. */
  balancer: optional(string),
};

/**
 * What a trial's model was assembled from, by the names of comparisons, with their options. Labels are printed from it. Its size and the
 * values of a search are in the configuration.
 */
export interface TrialParts extends Written<typeof trialParts>, FromDescription {}

/**
 * What a table calls a model.
 *
 * @example modelLabel({ model: 'adatt', expert: 'swiglu', balancer: 'pcgrad' }); // 'adatt [swiglu] + pcgrad'
 */
export function modelLabel({ model, expert, gate, balancer }: TrialParts): string {
  const exchanged = [expert, gate].filter((name) => name !== undefined);
  return `${model}${exchanged.length > 0 ? ` [${exchanged.join(', ')}]` : ''}${balancer === undefined ? '' : ` + ${balancer}`}`;
}

/** The expert of a model whose experts no comparison exchanged. */
const DEFAULT_EXPERT = 'mlp';

export const exchangeOptions = {
  /**
   * Names of experts, with options: `mlp(activation=gelu)`. Each model that can take another expert is trained with its own, and with each
   * of these.
   */
  experts: optional(listOf(text, 1)),
  /** Names of gates, with options. Each model that can take another gate is trained with its own, and with each of these. */
  gates: optional(listOf(text, 1)),
};

/** Each model with its own parts, and with each expert and each gate that it can take. */
export function withExchange(
  models: readonly ModelVariant[],
  { experts = [], gates = [] }: Written<typeof exchangeOptions>,
): ModelVariant[] {
  if (experts.length === 0 && gates.length === 0) return [...models];
  const expertRows = unique(experts.map(expertNamed));
  const gateRows = unique(gates.map(gateNamed));
  const variants = models.flatMap((model) => {
    const takes = exchangeable(model.entry);
    const ownExperts = [undefined, ...(takes.expert ? expertRows.filter(({ name }) => name !== DEFAULT_EXPERT) : [])];
    const ownGates = [undefined, ...(takes.gate ? gateRows : [])];
    return ownExperts.flatMap((expert) => ownGates.map((gate) => exchange(model, expert, gate)));
  });
  const foreign = [...expertRows, ...gateRows].some(({ name }) => name !== DEFAULT_EXPERT);
  if (foreign && variants.length === models.length) {
    fail({
      expected: 'a model that can take another expert or gate',
      received: models.map(({ label }) => label).join(', '),
      fix: 'Add one with gates of its choice, such as mmoe, ple or adatt.',
    });
  }
  return variants;
}

function exchange(model: ModelVariant, expert?: NamedExpertVariant, gate?: NamedGateVariant): ModelVariant {
  if (!expert && !gate) return model;
  return {
    ...model,
    ...named({ ...model.parts, ...(expert && { expert: expert.name }), ...(gate && { gate: gate.name }) }),
    exchanged: { ...(expert && { expert: expertOf(expert) }), ...(gate && { gate: gate.gate }) },
  };
}

function expertNamed(text: string): NamedExpertVariant {
  const { entry, options, label } = choose(expertVariants(), text, 'expert');
  const { layer, layers } = entry;
  withOptions(layer(2), options); // checks them
  return {
    ...entry,
    name: label,
    layer: (width) => withOptions(layer(width), options),
    ...(layers && { layers: (widths: readonly number[]) => withOptions(layers(widths), options) }),
  };
}

function gateNamed(text: string): NamedGateVariant {
  const { entry, options, label } = choose(gateVariants(), text, 'gate');
  withOptions(entry.gate('unit'), options); // checks them
  return { ...entry, name: label, gate: (reads) => withOptions(entry.gate(reads), options) };
}

const expertOf =
  ({ layer, layers }: NamedExpertVariant): NonNullable<ExchangedParts['expert']> =>
  (widths) =>
    layers ? layers(widths) : widths.length === 1 ? layer(widths[0]!) : sequential(...widths.map(layer));

/** Whether a model uses the expert and the gate that it is offered: found by building a small one. */
function exchangeable(row: RegisteredModel): { readonly expert: boolean; readonly gate: boolean } {
  const used = { expert: false, gate: false };
  const { layer } = findEntry(expertVariants(), 'linear', 'expert');
  const { gate } = findEntry(gateVariants(), 'constant', 'gate');
  smallParts(row, {
    expert: (widths) => ((used.expert = true), layer(widths.at(-1)!)),
    gate: (reads) => ((used.gate = true), gate(reads)),
  });
  return used;
}
