import type { HostTensor } from '@polytask/compile';
import {
  layoutOf,
  rowEncoder,
  type Batch,
  type Feature,
  type FeaturePlace,
  type Row,
  type Schema,
} from '@polytask/core';

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
  const part = (array: keyof typeof widths) => ({ array: batch[array], width: widths[array] });
  const widths = { numeric: layout.numeric, ids: layout.fields, bagIds: layout.slots, bagWeights: layout.slots };
  return Object.fromEntries(layout.places.map((place) => [place.name, inputOf(place, part, batch.size)]));
}

/** A number that is neither standardised nor replaced where it is missing. */
const asItIs = (feature: Feature): Feature =>
  feature.kind === 'numeric' ? { kind: 'numeric', mean: 0, deviation: 1, indicator: true } : feature;

type Part = (array: 'numeric' | 'ids' | 'bagIds' | 'bagWeights') => {
  array: Batch['numeric'] | Batch['ids'];
  width: number;
};

function inputOf({ feature, column, width, offset }: FeaturePlace, part: Part, rows: number): HostTensor {
  const read = (name: Parameters<Part>[0]) => {
    const { array, width: all } = part(name);
    return (row: number, i = 0) => array[row * all + column + i]!;
  };
  switch (feature.kind) {
    case 'numeric': {
      const number = read('numeric');
      return {
        type: 'float32',
        shape: [rows],
        data: Float32Array.from({ length: rows }, (_, row) => (number(row, 1) === 1 ? NaN : number(row))),
      };
    }
    case 'vector': {
      const number = read('numeric');
      const data = Float32Array.from({ length: rows * width }, (_, i) => number(Math.floor(i / width), i % width));
      return { type: 'float32', shape: [rows, width], data };
    }
    case 'categorical':
    case 'hashed': {
      const id = read('ids');
      return { type: 'int32', shape: [rows], data: Int32Array.from({ length: rows }, (_, row) => id(row) - offset) };
    }
    case 'multi-valued': {
      const [id, weight] = [read('bagIds'), read('bagWeights')];
      const code = (row: number, slot: number) => (weight(row, slot) === 0 ? -1 : id(row, slot) - offset);
      const data = Int32Array.from({ length: rows * width }, (_, i) => code(Math.floor(i / width), i % width));
      return { type: 'int32', shape: [rows, width], data };
    }
  }
}
