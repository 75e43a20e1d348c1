import path from 'node:path';
import { DeclarationReflection, type ProjectReflection, ReflectionKind } from 'typedoc';
import { ROOT } from '../repository.ts';
import { type EntryPoint, manifestOf } from './entry-points.ts';

/** A page of the reference: the exports of one source file. A file holds one idea, so a function is beside its options. */
export interface ApiPage {
  /** The export that the file is named after, or its only value. Else the words of the file's name. */
  readonly title: string;
  /** The source, relative to the repository. */
  readonly file: string;
  /** The folder in the package's `src`; empty for a file directly in it. */
  readonly folder: string;
  readonly exports: readonly Export[];
  readonly model: DeclarationReflection;
}

/** What a program imports. */
export interface Export {
  readonly name: string;
  /** The entry point: `@polytask/core/tf-layers`. */
  readonly specifier: string;
  readonly model: DeclarationReflection;
}

/** The reference of one package. */
export interface ApiPackage {
  /** `packages/core` */
  readonly folder: string;
  /** `@polytask/core` */
  readonly name: string;
  readonly description: string;
  readonly model: DeclarationReflection;
  readonly pages: readonly ApiPage[];
}

/**
 * Makes a page of each source file from the entry points that TypeDoc has read. An export belongs to the package of its source: another
 * package may repeat it.
 *
 * @param project changed in place: a module for each package, and in it a module for each file. Entry points are left out
 */
export function pagesByFile(project: ProjectReflection, entries: readonly EntryPoint[]): ApiPackage[] {
  const modules = [...(project.children ?? [])];
  const found = modules.flatMap((module) => {
    const { specifier } = entries.find(({ source }) => source === module.sources![0]!.fullFileName)!;
    return (module.children ?? []).map((model) => {
      const file = path.relative(ROOT, model.sources![0]!.fullFileName);
      return { name: model.name, specifier, model, file };
    });
  });
  const packages = groupsOf(found, ({ file }) => file.split('/', 2).join('/')).map(([folder, own]) => {
    const { name, description } = manifestOf(folder);
    const atHome = own.map((each) => (isWithin(each.specifier, name) ? each : { ...each, specifier: name }));
    const model = addModule(project, project, path.basename(folder));
    const pages = groupsOf(atHome, ({ file }) => file).map(([file, exports]) => pageOf(project, model, file, exports));
    return { folder, name, description, model, pages };
  });
  for (const module of modules) project.removeReflection(module); // its exports have moved to pages
  return packages;
}

const isWithin = (specifier: string, name: string) => specifier === name || specifier.startsWith(`${name}/`);

/** Groups in the order of their keys. */
function groupsOf<V>(items: readonly V[], keyOf: (item: V) => string): [string, V[]][] {
  const keys = [...new Set(items.map(keyOf))].sort();
  return keys.map((key) => [key, items.filter((item) => keyOf(item) === key)]);
}

/** Whether an export is only there for the compiler. */
export const isType = ({ model }: Export): boolean =>
  model.kindOf([ReflectionKind.Interface, ReflectionKind.TypeAlias]);

/** The pages of a package by folder, files directly in `src` first. */
export const byFolder = (pages: readonly ApiPage[]): [string, ApiPage[]][] => groupsOf(pages, ({ folder }) => folder);

function pageOf(project: ProjectReflection, parent: DeclarationReflection, file: string, exports: Export[]): ApiPage {
  const inPackage = file.replace(/^packages\/[^/]+\/src\//, '').replace(/\.ts$/, '');
  const namespace = exports.find(({ model }) => model.kind === ReflectionKind.Namespace);
  const model = namespace ? asModule(namespace.model, parent, inPackage) : addModule(project, parent, inPackage);
  for (const { model: child } of exports.filter((each) => each !== namespace)) {
    child.parent = model;
    model.addChild(child);
  }
  const words = path.basename(inPackage).replaceAll('-', ' ');
  const values = exports.filter((each) => !isType(each));
  const named = exports.find(({ name }) => name.toLowerCase() === words.replaceAll(' ', ''));
  const idea = named ?? (values.length === 1 ? values[0] : undefined);
  const title = namespace?.name ?? idea?.name ?? words.replace(/^./, (letter) => letter.toUpperCase());
  const [folder = ''] = inPackage.split('/').slice(0, -1);
  return { title, file, folder, exports, model };
}

/** `export * as checks` is a page like the others, of the functions in it. */
function asModule(namespace: DeclarationReflection, parent: DeclarationReflection, name: string) {
  namespace.kind = ReflectionKind.Module;
  namespace.name = name;
  namespace.parent = parent;
  parent.addChild(namespace);
  return namespace;
}

function addModule(project: ProjectReflection, parent: ProjectReflection | DeclarationReflection, name: string) {
  const model = new DeclarationReflection(name, ReflectionKind.Module, parent);
  project.registerReflection(model, undefined, undefined);
  parent.addChild(model);
  return model;
}
