export { CreateError } from './create-error.ts';
export { createProject } from './create-project.ts';
export { main, type Io } from './main.ts';
export { KINDS, projectOf, TEMPLATES, type Answers, type Kind, type Project, type Template } from './project.ts';
