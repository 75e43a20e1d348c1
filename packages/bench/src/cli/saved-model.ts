import { PolytaskError } from '@polytask/core';
import { startEngine } from '../engines.ts';

import '@polytask/adatt'; // these four packages define the components of saved models
import '@polytask/baselines';
import '@polytask/experts';
import '@polytask/gating';

/**
 * Runs a function that loads a saved model, with the components of all packages.
 *
 * @param engine that TF.js runs on, by its name
 * @throws PolytaskError for an unknown component, with the option that imports it; the errors of `use`
 */
export async function withSavedModel<R>(engine: string, use: () => Promise<R>): Promise<R> {
  await startEngine(engine);
  try {
    return await use();
  } catch (error) {
    if (!(error instanceof PolytaskError) || !error.message.includes("can't be built")) throw error;
    throw new PolytaskError(
      `${error.message} If it is a component of your own, add --import with the file that defines it.`,
      { cause: error },
    );
  }
}
