import { definedIn } from '@polytask/components';
import { defineGroupLoss as defineAnyGroupLoss } from './group-loss.ts';
import { defineLoss as defineAnyLoss } from './loss.ts';

export const defineLoss = /* @__PURE__ */ definedIn('@polytask/core', defineAnyLoss);
export const defineGroupLoss = /* @__PURE__ */ definedIn('@polytask/core', defineAnyGroupLoss);
