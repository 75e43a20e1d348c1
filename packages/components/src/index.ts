export { PolytaskError, fail, shown, suggestion } from './errors.ts';
export {
  fits,
  isObject,
  objectAt,
  readDocument,
  readOptions,
  under,
  type Args,
  type Described,
  type Filled,
  type FromDescription,
  type Lackable,
  type NumberRange,
  type Option,
  type Options,
  type Read,
  type ReadValue,
  type Richer,
  type Shape,
  type Written,
  type WrittenValue,
} from './options.ts';
export * from './checks.ts';
export { parseJson } from './parse-json.ts';
export { plainCopy } from './plain.ts';
export { groupBy } from './records.ts';
export {
  type ComponentKind,
  type Spec,
  type About,
  type ComponentName,
  createSpec,
  type Definition,
  define,
  type Factory,
  resolve,
  checkCopies,
  registered,
  componentsOf,
  allComponents,
  aboutOf,
  checkSpec,
} from './registry.ts';
export { variantsOf, type Listed } from './variants.ts';
