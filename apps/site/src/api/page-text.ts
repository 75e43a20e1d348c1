import type { DeclarationReflection } from 'typedoc';
import { REPOSITORY } from '../repository.ts';
import { plainText, shortened } from '../head/description.ts';
import { type ApiPackage, type ApiPage, byFolder, type Export, isType } from './api-pages.ts';

/** The address of what TypeDoc has read. */
type AddressOf = (model: DeclarationReflection) => string;

/** The head of a page. Nobody edits it: the texts are those of the sources. @param rest further lines of YAML */
const frontmatter = (title: string, outline: string, description: string, rest = '') =>
  `---\ntitle: ${JSON.stringify(title)}\ndescription: ${JSON.stringify(description)}\neditLink: false\noutline: ${outline}\n${rest}---\n`;

/** The page of a source file. @param contents what TypeDoc wrote on its exports */
export const filePage = (page: ApiPage, contents: string): string => {
  const { title, file, exports } = page;
  const template = `:title · ${exports[0]!.specifier}${page.folder === '' ? '' : ` · ${page.folder}`} | Polytask`;
  return `${frontmatter(title, '2', descriptionOf(page), `titleTemplate: ${JSON.stringify(template)}\n`)}
# ${title} {#page-title}

${importLines(exports)}

${contents}

[Source](${REPOSITORY}/blob/main/${file})
`;
};

/** A sentence on a page: what its first export is, and how the others are called. */
function descriptionOf({ title, exports }: ApiPage): string {
  const first = exports.find(({ name }) => name === title) ?? exports[0]!;
  const others = exports.filter((each) => each !== first).map(({ name }) => name);
  const about = decodedText(summaryOf(first.model));
  const sentence = `${first.name} of ${first.specifier}${about === '' ? '.' : `: ${about}`}`;
  return shortened(others.length === 0 ? sentence : `${sentence} With ${others.join(', ')}.`);
}

/** The page of a package: its exports in a table for each folder. */
export const packagePage = (
  { folder, name, description, pages }: ApiPackage,
  addressOf: AddressOf,
): string => `${frontmatter(name, '2', `The exports of ${name}: ${description}.`, `titleTemplate: ':title reference | Polytask'\n`)}
# ${name}

${description}. [About the package](/${folder}/).

${byFolder(pages)
  .map(([part, own]) => `${part === '' ? '' : `## ${part}\n\n`}${exportTable(own, addressOf)}`)
  .join('\n')}`;

/** The first page of the reference. */
export const referencePage = (
  packages: readonly ApiPackage[],
  addressOf: AddressOf,
): string => `${frontmatter('API reference', 'false', 'All functions, options and types that a program can import from the packages of Polytask.')}
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

/** A cell as text, without the marks and escapes of Markdown. */
const decodedText = (cell: string): string =>
  plainText(cell.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))));

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
