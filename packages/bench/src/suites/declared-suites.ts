import type { SuiteDeclaration } from './declaration.ts';

/** The suites that are declared on top of others. A new one is a file and a row. */
export const declaredSuites: readonly SuiteDeclaration[] = [];
