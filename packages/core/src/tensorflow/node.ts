import { createRequire as requireFrom } from 'node:module'; // bundles for Node often declare a createRequire of their own

/** Packages with a backend. Who has installed the whole TensorFlow.js may count on its chained methods (`x.mul(y)`). */
const PACKAGES = ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-cpu'];

/** Loads the first package with a backend that is installed. @returns whether there is one */
export const loadTensorflow = (): boolean => PACKAGES.some(isLoaded);

function isLoaded(name: string): boolean {
  try {
    requireFrom(import.meta.url)(name);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'MODULE_NOT_FOUND') return false;
    throw error;
  }
}
