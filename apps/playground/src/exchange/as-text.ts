import type { SuiteDeclaration } from '@polytask/study';

/** The name of a suite's file. */
export const suiteFile = (suite: SuiteDeclaration): string => `${suite.name}.json`;

/** A suite as a file of the command line. */
export const asSuite = (suite: SuiteDeclaration): string => `${JSON.stringify(suite, null, 2)}\n`;

/** The command that runs the file of a suite. */
export const asCommand = (suite: SuiteDeclaration): string =>
  `npx polytask bench ${suiteFile(suite)} --workers 2 --out results\n`;

/** A program that runs a suite. */
export const asProgram = (
  suite: SuiteDeclaration,
): string => `import { comparisonDocument, defineSuite, renderText, runSuite } from 'polytask';

const suite = defineSuite(${JSON.stringify(suite, null, 2)});

const outcome = await runSuite({ suite, workers: 2, out: 'results' });
console.log(renderText(comparisonDocument(outcome)));
`;
