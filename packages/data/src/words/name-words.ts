/** The words of a column's name in lower case: `isClick`, `is_click` and `Is Click` are all ["is", "click"]. */
const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

const words = (...lines: readonly string[]): ReadonlySet<string> => new Set(lines.join(' ').split(' '));

const GROUP = words(
  'user users userid customer client patient member session household account person visitor',
  'device player student group subject driver employee family machine sensor vehicle',
);
const LABEL = words(
  'label labels target y outcome click clicked clicks like liked buy bought purchase purchased convert',
  'converted conversion churn churned income rating stars survived fraud spam diagnosis subscribed follow',
  'followed defaulted comment commented share shared forward hate sold won response deny denied approved',
  'wage wages',
);

const DURATION = words('time duration tenure days weeks months years lifetime survival futime');
const OF_DURATION = words('to until in of follow up followup event churn death');
const EVENT = words('event churn churned died dead death deceased relapse relapsed recurrence censored');
const OF_EVENT = words('is has was did status observed indicator flag');

const has = (name: string, set: ReadonlySet<string>): boolean => wordsOf(name).some((word) => set.has(word));

/** Tells whether a name has one of some words. */
const named = (...lines: readonly string[]): ((name: string) => boolean) => {
  const set = words(...lines);
  return (name) => has(name, set);
};

/** `user_id`, `itemId`, `ID` */
export const namesId = named('id ids uuid guid pid uid cid sid key userid itemid identifier');
const consists = (name: string, of: ReadonlySet<string>, others: ReadonlySet<string>): boolean =>
  has(name, of) && wordsOf(name).every((word) => of.has(word) || others.has(word));
/** `tenure`, `survival_days`, `time_to_event`: how long until an event. */
const namesDuration = (name: string): boolean => consists(name, DURATION, OF_DURATION);
/** `churned`, `death_event`, `is_censored`: whether an event happened, or did not. */
const namesEvent = (name: string): boolean => consists(name, EVENT, OF_EVENT);
/** `tenure` and `churned`, or `rtime` and `recur`: how long until an event, and whether it happened. */
export const namesTimeOf = (time: string, event: string): boolean =>
  (namesDuration(time) && namesEvent(event)) ||
  (/^\p{L}time$/iu.test(time) && event.toLowerCase().startsWith(time[0]!.toLowerCase()));
/** `censored`: yes means that the event did not happen. */
export const namesCensoring = named('censored');
/** A name of rows that belong together, such as `user_id`. */
export const namesGroup = (name: string): boolean => has(name, GROUP);
/** `user`, `item_id`: a name of somebody or something with rows of its own. */
export function namesEntity(name: string): boolean {
  const nameWords = wordsOf(name);
  return namesId(name) || (nameWords.length > 0 && nameWords.every((word) => GROUP.has(word)));
}
/** `history`, `last_items`, `viewed`: lists in the order of time. */
export const namesHistory = named('history hist sequence seq recent last previous past viewed visited watched browsed');
/** `zip`, `job_type`: numbers that are codes. `wage_per_hour` and `num_type` are none. */
export const namesCode = (name: string): boolean => !countsOrRates(name) && hasCode(name);
const countsOrRates = named('num number count per');
const hasCode = named(
  'code type class kind category cat region recode sector industry occupation zone month weekday',
  'dow hour zip zipcode postal postcode tab channel segment status',
);
/** `age`, `num_children`: numbers that count or measure. */
export const namesCount = named(
  'num number n nr count counts age years hours weeks days minutes seconds size amount qty quantity',
  'children persons total sum rank level order rating stars score price rooms visits',
);
/** `num_children`, `visits`: how many. */
export const namesTally = named(
  'num number n nr count counts qty quantity children persons rooms visits clicks views orders',
);
/** `age`, `age_at_entry`: the age of a person, in years. */
export const namesAge = (name: string): boolean => has(name, AGE) && !has(name, NO_AGE);
const AGE = words('age ages');
const NO_AGE = words('months days weeks hours group band bucket average mean avg ratio diff');
/** `experience`: years of work. */
export const namesCareer = named('experience');
export const namesLatitude = named('latitude lat');
export const namesLongitude = named('longitude lon lng');
export const namesTime = named('time date datetime timestamp ts at day created updated ms epoch when');
/** `birth_date`, `signup_date`: a time of a person rather than of the row. */
export const namesBeginning = named(
  'birth birthday dob birthdate born signup registered registration joined join member start end upload release expiry',
);

/** `label`, `is_click`, `income_50k`: by the last word without digits. So are `class`, `status` and `sale_price`, but not `year_sold`. */
export function namesLabel(name: string): boolean {
  const last = wordsOf(name).findLast((word) => !/\d/.test(word));
  return (
    /^(class|status|(sale|selling)_price)$/.test(wordsOf(name).join('_')) || (LABEL.has(last ?? '') && !hasPeriod(name))
  );
}
const hasPeriod = named('year yr month mo week day date time');

/** `share`: with numbers, a part of something, and not whether somebody shared. */
export const namesPart = named('share');

/** `is_click`, `hasChildren` */
export const namesFlag = (name: string): boolean => ['is', 'has', 'was', 'did'].includes(wordsOf(name)[0] ?? '');

/** `home_score` and `away_score`: names of equally many words, of which the last one is the same. */
export function areSiblings(name: string, other: string): boolean {
  const [own, others] = [wordsOf(name), wordsOf(other)];
  return own.length > 1 && own.length === others.length && own.at(-1) === others.at(-1) && name !== other;
}

/** Whether a name has all words of another in sequence, as `income_bracket` has `income`. The word of a code, as in `type`, says nothing. */
export function containsName(name: string, part: string): boolean {
  const inner = wordsOf(part);
  if (inner.join('').length < 3 || (inner.length === 1 && hasCode(part))) return false;
  return ` ${wordsOf(name).join(' ')} `.includes(` ${inner.join(' ')} `);
}
