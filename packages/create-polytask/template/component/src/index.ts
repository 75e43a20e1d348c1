export { myComponent } from './my-component.ts';
