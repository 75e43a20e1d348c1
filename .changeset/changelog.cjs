/**
 * How a changeset becomes lines of a CHANGELOG.md: its sentences as they are. All packages have one version, so one line stands for
 * the list of updated siblings.
 */
module.exports = {
  getReleaseLine: async ({ summary }) => `- ${summary.trim().replace(/\n(?=[^\n])/g, '\n  ')}`,
  getDependencyReleaseLine: async (_changesets, updated) =>
    updated.length === 0
      ? ''
      : `- The other packages of Polytask have version ${updated[0].newVersion} too. Their changelogs say what is new in them.`,
};
