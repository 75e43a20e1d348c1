// What the build makes of browser.ts for Node, which can't import tfjs-core's own file. The whole TensorFlow.js has the same gradients.
// eslint-disable-next-line no-restricted-imports -- a checkout has it; a program that installs this package need not
import '@tensorflow/tfjs';

export const registerGradients = (): void => {};
