export { myComponent, type MyComponentConfig } from './my-component.ts';
