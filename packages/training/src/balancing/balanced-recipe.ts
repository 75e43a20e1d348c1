import type { BalancerSpec } from '@polytask/balancing';
import type { Recipe } from '../engine.ts';

export type BalancedRecipe = Recipe & { readonly balancing: BalancerSpec };

export const isBalanced = (recipe: Recipe): recipe is BalancedRecipe => recipe.balancing !== undefined;
