import { record } from '@polytask/components';
import type { Tasks } from '../tasks/tasks.ts';
import { readFeature } from './feature-kind.ts';
// These define the kinds of feature wherever there is a schema.
import './kinds/ids.ts';
import './kinds/lists.ts';
import './kinds/numbers.ts';
import type { IdFeature } from './kinds/ids.ts';
import type { IdSequenceFeature, MultiValuedFeature, SideColumnFeature } from './kinds/lists.ts';
import type { NumericFeature, VectorFeature } from './kinds/numbers.ts';

/** A fitted feature, as plain JSON. It encodes a value in the same way in training and serving. */
export type Feature =
  | NumericFeature
  | VectorFeature
  | IdFeature
  | MultiValuedFeature
  | IdSequenceFeature
  | SideColumnFeature
  | { readonly kind: string };

/** @throws PolytaskError that names the first value of a schema's features that doesn't fit, or an unknown key */
export function checkFeatures(features: unknown, where: string): asserts features is Schema['features'] {
  record(readFeature).read(features, where);
}

/** The features that a model reads and the tasks that it predicts. It is fitted on training rows and saved with the model. */
export interface Schema<T extends Tasks = Tasks, F extends string = string> {
  readonly features: Readonly<Record<F, Feature>>;
  readonly tasks: T;
  /** Names of features with one id that are the context of a row, such as the tab of an app: {@link contextOf}. Default: none. */
  readonly context?: readonly string[] | undefined;
}

/** A row: values by feature name. Other keys are ignored where the type doesn't know the names, `F`. */
export type Row<F extends string = string> = Readonly<Partial<Record<F, unknown>>>;

/**
 * Creates a schema with one vector feature, `x`, for data that is numeric already.
 *
 * @param width the length of the vector
 * @example denseSchema(20, { click: binary(), like: binary() }) // rows: { x: [0.1, …] }
 */
export const denseSchema = <T extends Tasks>(width: number, tasks: T): Schema<T, 'x'> => ({
  features: { x: { kind: 'vector', width } },
  tasks,
});
