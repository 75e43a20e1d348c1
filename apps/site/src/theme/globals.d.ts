/** The index of the search, which VitePress makes in a build: by the name of a language, and `root`. */
declare module '@localSearchIndex' {
  const indexes: Readonly<Record<string, () => Promise<{ readonly default: string }>>>;
  // eslint-disable-next-line no-restricted-syntax -- VitePress exports it so
  export { indexes as default };
}
