import type { ReferenceConfiguration } from '../configuration.ts';
import { adattGeneral } from './adatt-general.ts';
import { adattSp } from './adatt-sp.ts';
import type { Architecture } from './architecture.ts';
import { crossStitch } from './cross-stitch.ts';
import { mmoe } from './mmoe.ts';
import { ple } from './ple.ts';
import { sharedBottom } from './shared-bottom.ts';

export const ARCHITECTURES: Readonly<Record<ReferenceConfiguration['model'], Architecture>> = {
  att_sp: adattSp,
  att_g: adattGeneral,
  ple,
  mmoe,
  cross_st: crossStitch,
  share_bottom: sharedBottom,
};
