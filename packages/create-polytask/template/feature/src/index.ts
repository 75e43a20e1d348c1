export { myComponent, type MyComponentFeature } from './my-component.ts';
