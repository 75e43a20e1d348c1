import * as tf from '@tensorflow/tfjs';
import { allParts, type FeatureTensors } from '../features/batch-tensors.ts';
import { presentParts, type PartSpec } from '../features/layout.ts';
import { readOptions, fail, oneOf, optional, text } from '@polytask/components';
import type { ReadDeclaration } from '../model/model-declaration.ts';
import { MultiTaskModel } from '../model/model.ts';
import { scoresOf } from '../model/predictions.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { logitsOf } from '../tasks/check-tasks.ts';

/** The outputs of the layer: `scores` (probabilities, or the number of a regression) or `logits`. */
export type LayerOutput = 'scores' | 'logits';

/** A Polytask model as a `tf.layers` layer, as {@link asLayer} creates it, and TF.js when it loads a saved `tf.model`. */
export class ModelLayer extends tf.layers.Layer {
  static readonly className = 'PolytaskModelLayer';
  readonly model: MultiTaskModel;
  readonly output_: LayerOutput;

  constructor(config: { name?: string; model: MultiTaskModel | readonly number[]; output?: LayerOutput | number }) {
    super(config.name === undefined ? {} : { name: config.name });
    this.model = config.model instanceof MultiTaskModel ? config.model : new MultiTaskModel(decode(config.model));
    const [table] = this.model.store.tables();
    if (table) {
      fail({
        expected: 'a model of tensors for a layer',
        received: `the table "${table.name}", which has sparse updates`,
        fix: "Build it with input: embed({ update: 'dense' }).",
      });
    }
    this.output_ = config.output === 'logits' || config.output === 1 ? 'logits' : 'scores';
    if (this.output_ === 'logits' && this.model.members > 1) {
      fail({
        expected: 'a model of one member for a layer that gives logits',
        received: `${this.model.members} members, whose predictions are averaged`,
        fix: "Pass output: 'scores', or build the model without members.",
      });
    }
  }

  /** The inputs that the layer requires, in order, with their widths. They depend on the model's schema. */
  get inputWidths(): PartSpec[] {
    return presentParts(this.model.layout);
  }

  override build(): void {
    for (const { name, variable, trainable } of this.model.store.all()) {
      // LayerVariable creates its own tf.Variable. Replace it by the model's, so that both train the same values.
      const weight = new tf.LayerVariable(variable, 'float32', `${this.name}/${name}`, trainable);
      const holder = weight as unknown as { val: tf.Variable };
      holder.val.dispose();
      holder.val = variable;
      this._trainableWeights.push(weight); // TF.js sorts them by their own flag
    }
    this.built = true;
  }

  override computeOutputShape(): tf.Shape | tf.Shape[] {
    const shapes = this.model.taskNames.map((name): tf.Shape => [null, logitsOf(name, this.model.schema.tasks[name]!)]);
    return shapes.length === 1 ? shapes[0]! : shapes;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      const features = this.#features(Array.isArray(inputs) ? inputs : [inputs]);
      const training = kwargs.training ?? false;
      const outputs =
        this.output_ === 'scores'
          ? scoresOf(this.model, features, { training })
          : Object.values<tf.Tensor>(this.model.forward(features, { training }).logits);
      return outputs.length === 1 ? outputs[0]! : outputs;
    });
  }

  /** TF.js changes the case of strings that it saves. The declaration is therefore stored as the bytes of its JSON. */
  override getConfig(): tf.serialization.ConfigDict {
    const bytes = [...new TextEncoder().encode(JSON.stringify(this.model.config))];
    return { ...super.getConfig(), model: bytes, output: this.output_ === 'logits' ? 1 : 0 };
  }

  #features(inputs: tf.Tensor[]): FeatureTensors {
    const expected = this.inputWidths;
    if (inputs.length !== expected.length) {
      fail({
        expected: `${expected.length} inputs: ${expected.map(({ name, width }) => `${name} [batch, ${width}]`).join(', ')}`,
        received: String(inputs.length),
        fix: 'Pass them as a list, in this order.',
      });
    }
    const entries = expected.map(({ name, dtype }, i) => [name, tf.cast(inputs[i]!, dtype)]);
    return allParts(Object.fromEntries(entries) as Record<string, tf.Tensor>, inputs[0]!.shape[0]!);
  }
}

const decode = (bytes: readonly number[]): ReadDeclaration =>
  JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes))) as ReadDeclaration;

tf.serialization.registerClass(ModelLayer as unknown as tf.serialization.SerializableConstructor<ModelLayer>);

/**
 * Wraps a Polytask model as a layer for a `tf.model`, which trains and saves the model's parameters as the layer's weights. Before
 * `tf.loadLayersModel`, import this package and the packages of the components. The layer's inputs are the parts of an encoded batch
 * (`BATCH_PARTS`) that the schema has. Its outputs are one tensor [batch, 1 or classes] per task, in order. The loss of the `tf.model`
 * doesn't include auxiliary losses.
 *
 * @param options.output `scores` (default) or `logits`
 * @throws PolytaskError when an option is unknown or invalid; when the layer runs, if the number of inputs is wrong
 * @example
 * const layer = asLayer(multiTaskModel({ schema: denseSchema(20, { click: binary(), like: binary() }), … }));
 * const x = tf.input({ shape: [20] });
 * const joined = tf.model({ inputs: x, outputs: layer.apply(x) as tf.SymbolicTensor[] });
 */
export function asLayer<T extends Tasks>(
  model: MultiTaskModel<T>,
  options: { name?: string; output?: LayerOutput } = {},
): ModelLayer {
  readOptions(options, { name: optional(text), output: optional(oneOf('scores', 'logits')) }, 'asLayer');
  return new ModelLayer({ model: model as unknown as MultiTaskModel, ...options });
}
