import {
  anything,
  component,
  custom,
  either,
  flag,
  listOf,
  number,
  oneOf,
  optional,
  record,
  shaped,
  share,
  notNegative,
  positive,
  string,
  text,
  wholeNumber,
} from '@polytask/components';
import { activationName } from '../layers/dense.ts';

/** The experts of a level: one spec, or a list of specs that a unit's experts take in turn. */
export const expertSpecs = either(component('expert'), listOf(component('expert'), 1));

/** The common kinds of option. They are an object, and no namespace, so that a bundle has only those that it uses. */
export const checks = {
  activationName,
  anything,
  component,
  custom,
  either,
  expertSpecs,
  flag,
  listOf,
  number,
  oneOf,
  notNegative,
  optional,
  positive,
  record,
  shaped,
  share,
  string,
  text,
  wholeNumber,
} as const;
