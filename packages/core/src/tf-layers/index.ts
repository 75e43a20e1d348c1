export { asLayer, ModelLayer, type LayerOutput } from './model-layer.ts';
