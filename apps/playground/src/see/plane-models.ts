/** The models that the view offers, by the names of the command line, with a word on each. */
export const PLANE_MODELS = {
  'single-task': 'a network for each task',
  'shared-bottom': 'one network for both',
  mmoe: 'three experts, a gate for each task',
  adatt: 'an expert for each task and a shared one, with gates',
} as const;

export type PlaneModel = keyof typeof PLANE_MODELS;

export const PLANE_MODEL_NAMES = Object.keys(PLANE_MODELS) as PlaneModel[];
