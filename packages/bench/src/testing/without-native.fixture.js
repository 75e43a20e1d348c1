import { register } from 'node:module';

// Passed to Node with --import: a process in which onnxruntime-node is not installed.

const hook = `export function resolve(name, context, next) {
  if (name !== 'onnxruntime-node') return next(name, context);
  throw new Error("Cannot find package 'onnxruntime-node' imported from /there/index.js");
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
