import { fail, shown, suggestion } from '../errors/errors.ts';
import { SHARED } from '../fusion/units.ts';
import type { Task, Tasks } from './tasks.ts';

/**
 * The number of outputs of a task's head: the number of classes, or 1.
 *
 * @throws PolytaskError when a multiclass task has fewer than two classes
 * @example logitsOf('level', multiclass({ classes: ['low', 'middle', 'high'] })) // 3
 */
export function logitsOf(name: string, task: Task): number {
  if (task.kind !== 'multiclass') return 1;
  const classes = task.classes?.length ?? 0;
  if (classes >= 2) return classes;
  return fail({
    expected: `the classes of task "${name}", two or more`,
    received: task.classes ? JSON.stringify(task.classes) : 'none',
    mend: "Pass multiclass({ classes: ['a', 'b', …] }), or fit a table, which finds them.",
  });
}

/**
 * Checks the tasks of a model.
 *
 * @throws PolytaskError when there is no task, or a task has an invalid name, kind or class list
 * @example validateTasks({ click: binary() })
 */
export function validateTasks(tasks: Tasks): void {
  const names = Object.keys(tasks);
  if (names.length === 0) {
    fail({ expected: 'at least one task', received: 'none', mend: 'Pass tasks: { click: binary() }, for instance.' });
  }
  for (const name of names) {
    if (name === '' || name === SHARED || name.includes('.')) {
      fail({
        expected: `a task name without dots that is not "${SHARED}"`,
        received: JSON.stringify(name),
        mend: 'Rename the task; `from` still names the column.',
      });
    }
    const task = tasks[name]!;
    checkKind(name, task);
    logitsOf(name, task);
  }
}

const KINDS: readonly Task['kind'][] = ['binary', 'multiclass', 'regression'];

function checkKind(name: string, task: Task | null | undefined): void {
  const kind: unknown = task?.kind;
  if (KINDS.some((each) => each === kind)) return;
  fail({
    expected: `a known kind of task for task "${name}"`,
    received: kind === undefined ? shown(task) : `the kind ${shown(kind)}`,
    mend: kind === undefined ? 'Pass binary(), multiclass() or regression().' : suggestion(kind, KINDS),
  });
}
