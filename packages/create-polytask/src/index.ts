export { createProject } from './create-project.ts';
export { main, type Io } from './main.ts';
export { projectOf, type Answers, type Kind, type Project, type Template } from './project.ts';
