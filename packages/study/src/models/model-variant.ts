import type { BalancerSpec } from '@polytask/balancing';
import { fail } from '@polytask/core';
import { choose, withOptions } from '../spec-text.ts';
import type { Space } from './space.ts';
import {
  isRegisteredModel,
  type ExchangedParts,
  type ModelParts,
  type RegisteredModel,
  type ModelSize,
} from './registered-model.ts';
import { models, smallParts } from './models.ts';
import { modelLabel, type TrialParts } from './parts.ts';

/** A model of a suite that isn't quite as the table has it. */
export interface ModelEntry {
  /** A name of the table, with options of its network if you like: `adatt(residual=false)`. Or a row of your own. */
  readonly model: string | RegisteredModel;
  /** What its row is called, and how results name it. Default: the model's name and options. */
  readonly as?: string;
  /** Another size than the table's other models. */
  readonly size?: Partial<ModelSize>;
  /** Options of its network instead of those that the table gives: `{ residual: false }`. */
  readonly network?: Readonly<Record<string, unknown>>;
  /** Hyper-parameters that a search tries for this model, besides those of the suite. */
  readonly space?: Space;
}

/** What a list of models may hold. */
export type ModelReference = string | RegisteredModel | ModelEntry;

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

/**
 * The rows of a suite's tables, one a label.
 *
 * @throws PolytaskError on an unknown name, and when two different rows have one label
 */
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
  const {
    model,
    as,
    size = {},
    network = {},
    space = {},
  }: ModelEntry = typeof reference === 'string' || isRegisteredModel(reference) ? { model: reference } : reference;
  const { entry, options, label } = isRegisteredModel(model)
    ? { entry: model, options: {}, label: model.name }
    : choose(models(), model, 'model');
  if (label !== entry.name) withOptions(smallParts(entry).network, options); // checks them before data is read
  return {
    ...named({ model: as ?? label, network: entry.name }),
    ...{ entry, size, network: { ...options, ...network }, space },
  };
}

/** The parts of a model, and the label that they have. */
export const named = (parts: TrialParts): Pick<ModelVariant, 'parts' | 'label'> => ({
  parts,
  label: modelLabel(parts),
});

const sameVariant = (a: ModelVariant, b: ModelVariant): boolean =>
  a.entry === b.entry && JSON.stringify([a.size, a.network, a.space]) === JSON.stringify([b.size, b.network, b.space]);

/**
 * The declaration of a model at a size; its own size and options come on top.
 *
 * @param contexts names of the schema's contexts. Default: none
 * @throws PolytaskError when the size can't be met for these tasks, or its network has no such option
 */
export function partsOf(
  { entry, size: own, network: options, exchanged }: ModelVariant,
  size: ModelSize,
  tasks: readonly string[],
  contexts: readonly string[] = [],
): ModelParts {
  const parts = entry.build({ ...size, ...own }, tasks, { ...exchanged, contexts });
  return { ...parts, network: withOptions(parts.network, options) };
}
