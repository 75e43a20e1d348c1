import type { NamedTensor } from '../storage/index.ts';

/** Every missing, misshapen and unknown tensor. @param dtype of all tensors. Default: any */
export function tensorFaults(
  shapes: Readonly<Record<string, readonly number[]>>,
  tensors: Readonly<Record<string, NamedTensor>>,
  dtype?: NamedTensor['dtype'],
): string[] {
  const unknown = Object.keys(tensors).filter((name) => !Object.hasOwn(shapes, name));
  const faults = Object.entries(shapes).flatMap(([name, shape]) => {
    const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
    if (!tensor) return `missing "${name}" [${shape}]`;
    if (dtype && tensor.dtype !== dtype) return `"${name}" is ${tensor.dtype}, not ${dtype}`;
    return tensor.shape.join() === shape.join() ? [] : `"${name}" is [${tensor.shape}], not [${shape}]`;
  });
  return [...faults, ...unknown.map((name) => `unknown "${name}"`)];
}
