import {
  anything,
  checkSpec,
  component,
  flag,
  listOf,
  number,
  oneOf,
  optional,
  record,
  shaped,
  string,
  text,
  wholeNumber,
  type Check,
} from '@polytask/components';
import { activation, type Activation } from '../layers/activations.ts';

export const activationName: Check = (value) => void activation(value as Activation);

/** The experts of a level: one spec, or a list of specs that a unit's experts take in turn. */
export const expertSpecs: Check = (value, where) => {
  if (Array.isArray(value)) listOf(component('expert'), 1)(value, where);
  else checkSpec('expert', value, where);
};

/** The common checks of options. They are an object, and no namespace, so that a bundle has only those that it uses. */
export const checks = {
  activationName,
  anything,
  component,
  expertSpecs,
  flag,
  listOf,
  number,
  oneOf,
  optional,
  record,
  shaped,
  string,
  text,
  wholeNumber,
} as const;
