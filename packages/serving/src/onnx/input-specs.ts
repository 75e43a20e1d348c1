import type { FeaturePlace, Layout } from '@polytask/core';
import type { TensorSpec } from '@polytask/compile';

/** The inputs of an exported file by feature name: raw numbers, and codes of categories. */
export const inputSpecs = (layout: Layout, batch: number): Record<string, Required<TensorSpec>> =>
  Object.fromEntries(layout.places.map((place) => [place.name, specOf(place, batch)]));

function specOf({ feature, width }: FeaturePlace, batch: number): Required<TensorSpec> {
  switch (feature.kind) {
    case 'numeric':
      return { shape: [batch], dtype: 'float32' };
    case 'vector':
      return { shape: [batch, width], dtype: 'float32' };
    case 'categorical':
    case 'hashed':
      return { shape: [batch], dtype: 'int32' };
    case 'multi-valued':
      return { shape: [batch, width], dtype: 'int32' };
  }
}
