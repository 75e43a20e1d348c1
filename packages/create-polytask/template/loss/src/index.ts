export { myComponent, type MyComponentOptions } from './my-component.ts';
