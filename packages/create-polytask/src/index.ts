export { createProject } from './create-project.ts';
export { main, type Io } from './main.ts';
export { planProject, type Answers, type Kind, type Project, type Template } from './project.ts';
