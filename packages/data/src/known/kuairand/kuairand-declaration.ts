import { binary, fail, suggestion, type BinaryTask } from '@polytask/core';
import { categorical, multiValued, numeric, type FeatureDeclaration } from '../../declarations/features.ts';

/** A user's actions at a video, each a yes or no of the log. */
const FEEDBACK = {
  click: binary({ from: 'is_click' }),
  long_view: binary(),
  like: binary({ from: 'is_like' }),
  profile_enter: binary({ from: 'is_profile_enter' }),
  /** Whether the user read the comments; the log has the milliseconds. */
  comment_stay: binary({ from: 'comment_stay_time', above: 0 }),
  follow: binary({ from: 'is_follow' }),
  comment: binary({ from: 'is_comment' }),
  forward: binary({ from: 'is_forward' }),
  hate: binary({ from: 'is_hate' }),
} as const;

export type KuairandTask = keyof typeof FEEDBACK;
export type KuairandTasks = Readonly<Record<string, BinaryTask>>;

/** The five tasks with enough positive rows to measure: 43.8, 30.7, 1.7, 1.9 and 4.2% of the training rows. */
const DEFAULT_TASKS: readonly KuairandTask[] = ['click', 'long_view', 'like', 'profile_enter', 'comment_stay'];

/** Ids in fewer training rows count as unknown: one impression is too few to learn an embedding. */
const RARE = 2;

type Features = Readonly<Record<string, FeatureDeclaration>>;

/** The features of an impression. Play time and feedback come after it, and so are no features. */
export const LOG_FEATURES: Features = {
  user_id: categorical({ minCount: RARE }),
  video_id: categorical({ minCount: RARE }),
  hour: categorical({ from: 'hourmin' }),
  tab: categorical(),
  duration_ms: numeric({ log: true }),
};

/** The features of a user, without the ranges: each repeats a number. */
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

/** The features of a video. */
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

/** The tasks with these names. @throws PolytaskError for an unknown name */
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
