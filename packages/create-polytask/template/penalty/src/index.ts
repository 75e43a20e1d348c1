export { myComponent } from './my-component.ts';
export { penalized } from './penalized.ts';
