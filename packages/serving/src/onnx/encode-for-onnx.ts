import type { HostTensor } from '@polytask/compile';
import { layoutOf, rowEncoder, type Feature, type Row, type Schema } from '@polytask/core';
import { inputOf } from './feature-inputs.ts';

/**
 * Rows as the inputs of a file that `exportOnnx` wrote, by feature name: numbers as they are, and codes. It needs no
 * model: the schema is in the file.
 *
 * @returns arrays of `rows.length` rows, with their shapes
 * @throws PolytaskError that names the row and the feature, when a value isn't what the schema was fitted on
 * @example
 * const feeds = Object.entries(encodeForOnnx(model.schema, rows)).map(([name, { type, data, shape }]) =>
 *   [name, new ort.Tensor(type, data, shape)]);
 * const { click } = await session.run(Object.fromEntries(feeds));
 */
export function encodeForOnnx(schema: Pick<Schema, 'features'>, rows: readonly Row[]): Record<string, HostTensor> {
  const features = Object.fromEntries(
    Object.entries(schema.features).map(([name, feature]) => [name, asItIs(feature)]),
  );
  const layout = layoutOf({ features });
  const batch = rowEncoder({ features })(rows);
  return Object.fromEntries(layout.places.map((place) => [place.name, inputOf(place, batch)]));
}

/** A number that is neither standardized nor replaced where it is missing. */
const asItIs = (feature: Feature): Feature =>
  feature.kind === 'numeric' ? { kind: 'numeric', mean: 0, deviation: 1, indicator: true } : feature;
