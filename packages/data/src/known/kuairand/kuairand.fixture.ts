import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { KUAIRAND_FILES, PUBLISHED_FILES } from './kuairand-pure.ts';

/** The directory with the real files, where there is one: POLYTASK_KUAIRAND, or `shared` beside the repository. */
export const realKuairand: string | undefined = [
  process.env['POLYTASK_KUAIRAND'],
  fileURLToPath(new URL('../../../../../../shared/data/kuairand-pure', import.meta.url)),
].find((path) => path !== undefined && existsSync(path));

const LOG =
  'user_id,video_id,date,hourmin,time_ms,is_click,is_like,is_follow,is_comment,is_forward,is_hate,long_view,' +
  'play_time_ms,duration_ms,profile_stay_time,comment_stay_time,is_profile_enter,is_rand,tab';
const ONE_HOT = Array.from({ length: 18 }, (_, i) => `onehot_feat${i}`);

/** An impression: user, video, day, then what was done, every third time of each kind another thing. */
const impression = (i: number, day: number): string =>
  `${i % 4},${i % 3},${day},${(i % 24) * 100},1650812741436,${i % 2},${Number(i % 3 === 0)},0,0,0,0,${i % 2},` +
  `${i * 7},${1000 + i},0,${(i % 5) * 100},${Number(i % 6 === 5)},0,1`;

const log = (days: readonly number[], rows: number): string =>
  `${LOG}\n${Array.from({ length: rows }, (_, i) => `${impression(i, days[i % days.length]!)}\n`).join('')}`;

const RANGES = ['follow_user_num', 'fans_user_num', 'friend_user_num', 'register_days'];
const USER_COLUMNS = [
  ...['user_id', 'user_active_degree', 'is_lowactive_period', 'is_live_streamer', 'is_video_author'],
  ...RANGES.flatMap((name) => [name, `${name}_range`]),
  ...ONE_HOT,
];

const userRow = (user: number): string => {
  const ranges = `${user * 100},"(0,10]",5,"[1,10)",1,0,${700 + user},730+`;
  const oneHot = ONE_HOT.map((_, i) => (i === 4 ? '' : `${(user + i) % 3}.0`));
  return `${user},full_active,0,-124,${user % 2},${ranges},${oneHot.join(',')}\n`;
};

/** The four files in the format of the real ones, made up: 24 and 24 impressions, three of four users, three videos. */
export const madeUpKuairand: Readonly<Record<string, string>> = {
  [KUAIRAND_FILES.earlier.name]: log([20220425, 20220430], 24),
  [KUAIRAND_FILES.later.name]: log([20220501, 20220502, 20220503, 20220508], 24),
  [KUAIRAND_FILES.users.name]: `${USER_COLUMNS.join(',')}\n${[0, 1, 2].map(userRow).join('')}`,
  [KUAIRAND_FILES.videos.name]:
    `video_id,author_id,video_type,upload_dt,upload_type,visible_status,video_duration,server_width,server_height,music_id,music_type,tag
0,7349781,NORMAL,2022-04-10,LongImport,0.0,87433.0,720.0,1280.0,9155697141,9.0,39
1,2103883,NORMAL,2022-04-10,Kmovie,0.0,218066.0,720.0,1280.0,6355810746,9.0,"20,43"
2,5067285,AD,2022-04-09,ShortImport,0.0,,720.0,,6618412736,4.0,
`,
};

const { users, videos } = KUAIRAND_FILES;

/** The files in the form that the authors publish, made up: 20 and 30 impressions. */
export const madeUpPublished: Readonly<Record<string, string>> = {
  [PUBLISHED_FILES.earlier]: log([20220408, 20220421], 20),
  [PUBLISHED_FILES.later]: log([20220422, 20220430, 20220501, 20220502, 20220503], 30),
  [users.name]: madeUpKuairand[users.name]!,
  [videos.name]: madeUpKuairand[videos.name]!,
};
