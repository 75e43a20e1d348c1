import { uniformOf, type Value, sameShape } from '../graph/graph.ts';
import type { Rule, View } from '../rewrite/rewrite.ts';

/** softplus(x) = max(x, 0) − log σ(|x|), up to rounding. The kernels of these parts are vectorized. */
export const softplusParts: Rule<Value> = {
  name: 'softplus-parts',
  why: 'Anywhere: no place changes the graph of a model.',
  ops: ['Softplus'],
  match: ({ operands }) => operands[0],
  rewrite(x, _, emit) {
    const tail = emit.unary('Log', emit.unary('Sigmoid', emit.unary('Abs', x)));
    return emit.binary('Sub', emit.unary('Relu', x), tail);
  },
};

/** (a · ones) · b = a · b, when b has the full shape: it broadcasts a, too. The gradient of a sum begins with ones. */
export const withoutOnes: Rule<readonly [Value, Value]> = {
  name: 'without-ones',
  why: 'Anywhere: no place changes the graph of a model.',
  ops: ['Mul'],
  match({ operands, result }, view) {
    const [a, b] = operands as readonly [Value, Value];
    const isWhole = ({ shape }: Value) => sameShape(shape, result.shape);
    const left = isWhole(b) ? spreadBelow(a, view) : undefined;
    if (left) return [left, b];
    const right = isWhole(a) ? spreadBelow(b, view) : undefined;
    return right && [a, right];
  },
  rewrite: (factors, { result, attributes }, emit) => emit.graph.op('Mul', factors, result, attributes),
};

/** The other factor of a product, when one factor is a constant of ones. */
function spreadBelow(value: Value, view: View): Value | undefined {
  const [x, y] = (view.graph.producer(value, 'Mul')?.inputs ?? []) as readonly Value[];
  return y && uniformOf(y) === 1 ? x : x && uniformOf(x) === 1 ? y : undefined;
}

/** α of the hard sigmoid min(max(α x, 0), 1), which is 1 from x = 3e-39 on. Below that float32 has no full precision. */
const STEEPEST = 3.4e38;

/** The mask x > 0 of a ReLU's input becomes the mask of where the result of the ReLU isn't 0, which is cheaper. */
export const reluMask: Rule<Value> = {
  name: 'relu-mask',
  why: 'Before sink-reshapes, which moves the ReLU away from the x that the mask asks about.',
  ops: ['Greater'],
  match({ operands: [x, zero], result }, view) {
    if (zero!.shape.length !== 0 || zero!.constant?.[0] !== 0 || !sameShape(result.shape, x!.shape)) return undefined;
    return view.graph.resultOf('Relu', x!);
  },
  rewrite: (relu, _, emit) => emit.cast(relu, 'bool'),
};

/** The same mask as a factor of a gradient becomes a steep hard sigmoid of the ReLU: one operation in place of two casts. */
export const reluFactor: Rule<Value> = {
  name: 'relu-factor',
  why: 'In the walk of relu-mask, which writes the mask.',
  ops: ['Cast'],
  match({ operands: [mask], result }, view) {
    const cast = result.type === 'float32' && mask!.type === 'bool' ? view.graph.producer(mask!, 'Cast') : undefined;
    const relu = cast?.inputs[0] as Value | undefined;
    return relu && view.graph.producer(relu, 'Relu') ? relu : undefined;
  },
  rewrite: (relu, _, emit) =>
    emit.graph.op('HardSigmoid', [relu], relu, { alpha: { float: STEEPEST }, beta: { float: 0 } }),
};
