import type { KnownFile } from '../fetching/known-file.ts';

export const KUAIRAND_FILES = {
  earlier: {
    name: 'log_standard_20220425_20220430.csv',
    sha256: '4154e89502f91871432a1db9af53b496d1f1c9a8e9606b1186e76d08685f25d7',
  },
  later: {
    name: 'log_standard_20220501_20220508.csv',
    sha256: '2e8cd07dc93d15171bf7ecbe5f330425f3fbe854f281d91238614c8214f4df70',
  },
  users: { name: 'user_features_pure.csv', sha256: 'dc729a656301b4c6d07f713fe41d05ec9bfaab670b90e531c70037caf033c011' },
  videos: {
    name: 'video_features_basic_pure.csv',
    sha256: 'a6f7ee02684c5777422306cdc416e170302288aa89aca9dfea995edbd625bcc2',
  },
} as const satisfies Record<string, KnownFile>;

export const BY_HAND =
  'KuaiRand (Gao et al., CIKM 2022; CC BY-SA 4.0) is at https://kuairand.com; the four files are known by the sha256 of their text.';
