import { fail } from '@polytask/components';
import { addBin, hasBin, WORDS, type Tree } from '../trees/tree.ts';
import { missingBin, type Bins } from '../bins/binned-columns.ts';

/** Trees that go by further bins. A category that got a bin goes where missing values go. @throws PolytaskError for other bins */
export function withGrownBins(trees: readonly Tree[], from: readonly Bins[], to: readonly Bins[]): Tree[] {
  if (from.length !== to.length || !from.every((bins, c) => isGrown(bins, to[c]!)))
    fail({
      expected: 'columns with the bins of initModel',
      received: 'other columns or bins',
      fix: 'Pass BinnedColumns.growing(initModel, columns), or the columns themselves.',
    });
  return trees.map((tree) => {
    const left = tree.left.slice();
    tree.column.forEach((c, node) => {
      const missing = missingBin(from[c]!);
      if (!hasBin(left, node * WORDS, missing)) return;
      for (let bin = missing + 1; bin <= missingBin(to[c]!); bin++) addBin(left, node * WORDS, bin);
    });
    return { ...tree, left };
  });
}

function isGrown(from: Bins, to: Bins): boolean {
  const [old, now] = [from, to].map((bins) => ('thresholds' in bins ? bins.thresholds : bins.categories));
  const isSameKind = 'thresholds' in from === 'thresholds' in to && from.name === to.name;
  const isLonger = 'categories' in to && now!.length > old!.length;
  return (
    isSameKind && (isLonger || now!.length === old!.length) && Array.from(old!).every((each, i) => now![i] === each)
  );
}
