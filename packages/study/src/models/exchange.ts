import { expertVariants, fail, gateVariants, type NamedExpertVariant, type NamedGateVariant } from '@polytask/core';
import { sequential } from '@polytask/experts';
import '@polytask/gating'; // its gates register themselves
import { findEntry } from '../named-entry.ts';
import { choose, unique, withOptions } from '../spec-text.ts';
import type { ExchangedParts, RegisteredModel } from './registered-model.ts';
import { type ModelVariant, named } from './model-variant.ts';
import { smallParts } from './models.ts';

/** The expert of a model whose experts no comparison exchanged. */
const DEFAULT_EXPERT = 'mlp';

/** Names of experts and gates that a comparison puts into each model. */
export interface Exchange {
  /** Names of {@link expertVariants}, such as `swiglu`, with options: `mlp(activation=gelu)`. */
  readonly experts?: readonly string[] | undefined;
  /** Names of {@link gateVariants}, such as `noisy-top-k`, with options. */
  readonly gates?: readonly string[] | undefined;
}

/**
 * Each model with each expert and each gate. A model comes with its own parts first, as the control. A model that can't take another expert
 * or gate comes once.
 *
 * @throws PolytaskError on an unknown name or option, and when no model can take the parts
 * @example
 * const variants = withExchange(modelVariants(['mmoe', 'adatt']), { experts: ['swiglu'] });
 * variants.map(({ label }) => label); // ['mmoe', 'mmoe [swiglu]', 'adatt', 'adatt [swiglu]']
 */
export function withExchange(models: readonly ModelVariant[], { experts = [], gates = [] }: Exchange): ModelVariant[] {
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
