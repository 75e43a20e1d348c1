import type { DeclarationReflection } from 'typedoc';
import { REPOSITORY } from '../repository.ts';
import { type ApiPackage, type ApiPage, byFolder, type Export, isType } from './api-pages.ts';

/** The address of what TypeDoc has read. */
type AddressOf = (model: DeclarationReflection) => string;

/** The head of a page. Nobody edits it: the texts are those of the sources. */
const frontmatter = (title: string, outline: string) =>
  `---\ntitle: ${JSON.stringify(title)}\neditLink: false\noutline: ${outline}\n---\n`;

/** The page of a source file. @param contents what TypeDoc wrote on its exports */
export const filePage = ({ title, file, exports }: ApiPage, contents: string): string => `${frontmatter(title, '2')}
# ${title} {#page-title}

${importLines(exports)}

${contents}

[Source](${REPOSITORY}/blob/main/${file})
`;

/** The page of a package: its exports in a table for each folder. */
export const packagePage = (
  { folder, name, description, pages }: ApiPackage,
  addressOf: AddressOf,
): string => `${frontmatter(name, '2')}
# ${name}

${description}. [About the package](/${folder}/).

${byFolder(pages)
  .map(([part, own]) => `${part === '' ? '' : `## ${part}\n\n`}${exportTable(own, addressOf)}`)
  .join('\n')}`;

/** The first page of the reference. */
export const referencePage = (
  packages: readonly ApiPackage[],
  addressOf: AddressOf,
): string => `${frontmatter('API reference', 'false')}
# API reference

What a program can import, made from the docstrings of the sources. A page has a function, its options and its result. The search finds each
name. \`polytask\` exports the packages in one: see [its page](/packages/polytask/).

| package | exports | description |
|---|---:|---|
${packages
  .map(({ name, description, model, pages }) => {
    const count = pages.reduce((sum, { exports }) => sum + exports.length, 0);
    return `| [\`${name}\`](${addressOf(model)}) | ${count} | ${description} |\n`;
  })
  .join('')}`;

const exportTable = (pages: readonly ApiPage[], addressOf: AddressOf) => `| export | description |
|---|---|
${pages
  .flatMap(({ exports }) => [...exports].sort((a, b) => Number(isType(a)) - Number(isType(b))))
  .map(({ name, model }) => `| [\`${name}\`](${addressOf(model)}) | ${summaryOf(model)} |\n`)
  .join('')}`;

/** The first sentence of a docstring, as a cell of a table. */
function summaryOf(model: DeclarationReflection): string {
  const comment = model.comment ?? model.signatures?.[0]?.comment;
  const text = (comment?.summary ?? []).map((part) => part.text).join('');
  const line = text.replace(/\s+/g, ' ');
  const sentence = /^(\([^)]*\)|[^(])*?[.:;](?=\s[^a-z]|$)/.exec(line)?.[0] ?? line; // (Liu et al. 2019, eq. 7) has no end
  return sentence.replace(/[:;]$/, '.').replace(/[|<{]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** An import for each entry point. Types are left out where there are values: an editor adds them. */
function importLines(exports: readonly Export[]): string {
  const lines = [...new Set(exports.map(({ specifier }) => specifier))].map((specifier) => {
    const own = exports.filter((each) => each.specifier === specifier);
    const values = own.filter((each) => !isType(each));
    const names = (values.length > 0 ? values : own).map(({ name }) => name);
    const keyword = values.length > 0 ? 'import' : 'import type';
    const line = `${keyword} { ${names.join(', ')} } from '${specifier}';`;
    return line.length <= 80
      ? line
      : `${keyword} {\n${names.map((name) => `  ${name},\n`).join('')}} from '${specifier}';`;
  });
  return `\`\`\`ts\n${lines.join('\n')}\n\`\`\``;
}
