import { commonChecks, component, either, listOf } from '@polytask/components';
import { activationName } from '../layers/dense.ts';

/** The experts of a level: one spec, or a list of specs that a unit's experts take in turn. */
export const expertSpecs = either(component('expert'), listOf(component('expert'), 1));

/** The common kinds of option. */
export const checks = /* @__PURE__ */ Object.assign({}, commonChecks, { activationName, expertSpecs });
