import '@tensorflow/tfjs-core/dist/register_all_gradients.js';

/** The import above registers the gradients. A page with `@tensorflow/tfjs` has this module once. */
export const requireGradients = (): void => {};
