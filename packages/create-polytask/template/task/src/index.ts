export { myComponent, type MyComponentTask } from './my-component.ts';
