import { binary, fail, suggestion, type BinaryTask } from '@polytask/core';
import { categorical, multiValued, numeric, type FeatureDeclaration } from '../declarations/features.ts';

/** What a person did with a video, each a yes or no of the log. */
const FEEDBACK = {
  click: binary({ from: 'is_click' }),
  long_view: binary(),
  like: binary({ from: 'is_like' }),
  profile_enter: binary({ from: 'is_profile_enter' }),
  /** Stayed in the comments at all; the log has the milliseconds. */
  comment_stay: binary({ from: 'comment_stay_time', above: 0 }),
  follow: binary({ from: 'is_follow' }),
  comment: binary({ from: 'is_comment' }),
  forward: binary({ from: 'is_forward' }),
  hate: binary({ from: 'is_hate' }),
} as const;

export type KuairandTask = keyof typeof FEEDBACK;
export type KuairandTasks = Readonly<Record<string, BinaryTask>>;

/** The five with enough positive rows to be measured: 43.8, 30.7, 1.7, 1.9 and 4.2% of the training rows. */
const DEFAULT_TASKS: readonly KuairandTask[] = ['click', 'long_view', 'like', 'profile_enter', 'comment_stay'];

/** Ids that stand in fewer training rows count as unknown: an embedding can't be learned from one impression. */
const RARE = 2;

type Features = Readonly<Record<string, FeatureDeclaration>>;

/** Of an impression. What happened after it (play time, the other feedback) is no feature. */
export const LOG_FEATURES: Features = {
  user_id: categorical({ minCount: RARE }),
  video_id: categorical({ minCount: RARE }),
  hour: categorical({ from: 'hourmin' }),
  tab: categorical(),
  duration_ms: numeric({ log: true }),
};

/** Of a user: the ranges that repeat a number are left out. */
export const USER_FEATURES: Features = {
  user_active_degree: categorical(),
  is_live_streamer: categorical(),
  is_video_author: categorical(),
  follow_user_num: numeric({ log: true }),
  fans_user_num: numeric({ log: true }),
  friend_user_num: numeric({ log: true }),
  register_days: numeric({ log: true }),
  ...Object.fromEntries(Array.from({ length: 18 }, (_, i) => [`onehot_feat${i}`, categorical()])),
};

/** Of a video. */
export const VIDEO_FEATURES: Features = {
  author_id: categorical({ minCount: RARE }),
  video_type: categorical(),
  upload_type: categorical(),
  server_width: numeric(),
  server_height: numeric(),
  music_id: categorical({ minCount: RARE }),
  music_type: categorical(),
  tag: multiValued({ separator: ',' }),
};

/** The tasks of these names. */
export function kuairandTasks(names: readonly KuairandTask[] = DEFAULT_TASKS): KuairandTasks {
  return Object.fromEntries(
    names.map((name) => {
      if (!Object.hasOwn(FEEDBACK, name)) {
        fail({
          expected: 'names of feedback as tasks',
          received: JSON.stringify(name),
          mend: suggestion(name, Object.keys(FEEDBACK)),
        });
      }
      return [name, FEEDBACK[name]];
    }),
  );
}
