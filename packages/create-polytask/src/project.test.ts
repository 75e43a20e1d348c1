import { expect, it } from 'vitest';
import { planProject, type Answers } from './project.ts';

const component: Answers = { template: 'component', kind: 'gate', name: '@acme/parts/top-2' };

it('a component package has the folder of its name, unless another is given', () => {
  expect(planProject(component)).toEqual({
    template: 'component',
    folder: 'parts',
    kind: 'gate',
    packageName: '@acme/parts',
    component: 'top-2',
  });
  expect(planProject({ ...component, folder: 'here' }).folder).toBe('here');
});

it('a comparison has the name of its folder, unless another is given', () => {
  expect(planProject({ template: 'compare', folder: 'a/b-c' })).toMatchObject({ packageName: 'b-c', folder: 'a/b-c' });
  expect(planProject({ template: 'compare', folder: 'A', name: 'people' }).packageName).toBe('people');
});

it.each<[what: string, answers: Answers, message: string]>([
  ['no template', {}, 'one of compare, component as the template, received none'],
  ['an unknown template', { template: 'comparison' }, 'received "comparison"'],
  ['an inherited name', { template: 'toString' }, 'received "toString"'],
  ['no folder', { template: 'compare' }, 'a folder, received none'],
  ['a kind where none belongs', { template: 'compare', folder: 'a', kind: 'gate' }, 'no kind for the template compare'],
  ['no kind', { ...component, kind: undefined }, 'schedule, reader, tracker, search as the kind, received none'],
  ['no name', { ...component, name: undefined }, 'Pass --name my-package/kan'],
  ['a component without its package', { ...component, name: 'kan' }, 'received "kan"'],
  ['a component with capitals', { ...component, name: 'parts/Kan' }, 'received "parts/Kan"'],
  ['a reserved word', { ...component, name: 'parts/switch' }, 'received "parts/switch"'],
  ['a word that modules reserve', { ...component, name: 'parts/await' }, 'received "parts/await"'],
  ['a package name that npm refuses', { ...component, name: 'Parts/kan' }, 'capital letters'],
  ['a folder that names no package', { template: 'compare', folder: 'My Folder' }, 'a name that npm takes'],
  ['a way out of the folder', { ...component, name: '../kan' }, 'a name that npm takes'],
])('refuses %s', (_, answers, message) => {
  expect(() => planProject(answers)).toThrow(message);
});
