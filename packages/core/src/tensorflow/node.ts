import { createRequire as requireFrom } from 'node:module'; // bundles for Node often declare a createRequire of their own

/** Loads the whole TensorFlow.js where it is installed, as size doesn't matter in Node. @returns whether it is installed */
export function loadTensorflow(): boolean {
  try {
    requireFrom(import.meta.url)('@tensorflow/tfjs');
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'MODULE_NOT_FOUND') return false;
    throw error;
  }
}
