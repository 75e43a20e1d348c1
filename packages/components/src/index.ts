export { PolytaskError, fail, shown, suggestion } from './errors.ts';
export {
  checkOptions,
  fits,
  isObject,
  objectAt,
  readDocument,
  readOptions,
  under,
  type Check,
  type Options,
} from './options.ts';
export * from './checks.ts';
export type { OptionType } from './option-types.ts';
export { parseJson } from './parse-json.ts';
export { plainCopy } from './plain.ts';
export { groupBy } from './records.ts';
export {
  type ComponentKind,
  type Spec,
  type About,
  type ComponentName,
  register,
  createSpec,
  type Definition,
  define,
  specOf,
  builderOf,
  checkCopies,
  registered,
  componentsOf,
  allComponents,
  aboutOf,
  checkSpec,
} from './registry.ts';
export { variantsOf, type Listed } from './variants.ts';
