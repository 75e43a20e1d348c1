/**
 * What a trial's model was assembled from, by the names of comparisons, with their options. Labels are printed from it. Its size and the
 * values of a search are in the configuration.
 */
export interface TrialParts {
  /** The name of the model in the suite: that of its row, unless the suite calls it otherwise. */
  readonly model: string;
  /** The name of its row in the model table. Missing for a model that was trained elsewhere. */
  readonly network?: string | undefined;
  /** The expert in place of the model's own. */
  readonly expert?: string | undefined;
  /** The gate in place of the model's own. */
  readonly gate?: string | undefined;
  /** The balancer. Missing for the plain sum of the losses. */
  readonly balancer?: string | undefined;
}

/**
 * What a table calls a model.
 *
 * @example modelLabel({ model: 'adatt', expert: 'swiglu', balancer: 'pcgrad' }); // 'adatt [swiglu] + pcgrad'
 */
export function modelLabel({ model, expert, gate, balancer }: TrialParts): string {
  const exchanged = [expert, gate].filter((name) => name !== undefined);
  return `${model}${exchanged.length > 0 ? ` [${exchanged.join(', ')}]` : ''}${balancer === undefined ? '' : ` + ${balancer}`}`;
}
