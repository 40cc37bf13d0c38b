// SPDX-License-Identifier: GPL-2.0-only
import type { Chooser, Machine, Program, Step, Task } from '@libmultipath/kernel';
import { errors } from '../errors.js';
import { Races } from '../races.js';
import { ProgramInstance } from '../run-program.js';
import type { SearchPath } from '../search-node.js';
import { choicesOf, traceOf, type NumberedChoice } from './unit-path.js';
import type { WorkUnit } from './work-unit.js';

/** Walks a prefix once, and makes frozen nodes of it: no reversal is looked for there, others explore the rest. */
class Scout implements Chooser {
  depth = 0;
  private phase = 0;
  private tasks = 0;
  private readonly races: Races;

  constructor(
    private readonly path: SearchPath,
    private readonly choices: readonly NumberedChoice[],
  ) {
    this.races = new Races(path);
    this.races.last.fill(-1);
  }

  pick(enabled: readonly Task[], machine: Machine): Task | undefined {
    const choice = this.choices[this.depth];
    if (choice === undefined) return undefined;
    const task = enabled.find(({ index }) => index === choice.task);
    // Like an end before the end of the prefix: the caller sees how far it went.
    if (task?.pending === undefined) return undefined;
    this.settle(machine.tasks.length);
    this.freeze(choice, task.pending, machine.tasks);
    this.depth++;
    return task;
  }

  branch(): number {
    return this.choices[this.depth - 1]?.branch ?? 0;
  }

  /** Books who took the last step, and whom it spawned. */
  settle(count: number): void {
    const { path, races, depth } = this;
    if (path.reserve(count)) races.grow();
    if (depth > 0) {
      races.last[path.at(depth - 1).chosen] = depth - 1;
      for (let i = this.tasks; i < count; i++) races.last[i] = depth - 1;
    }
    this.tasks = count;
  }

  private freeze({ task, branch }: NumberedChoice, step: Step, tasks: readonly Task[]): void {
    const { op, field, barrier } = step;
    const { depth, phase } = this;
    const node = this.path.at(depth);
    node.marks.fill(0);
    const count = tasks.length;
    Object.assign(node, { chosen: task, branch, branches: 1, op, field, tasks: count, phase, full: true, step });
    // What happens before what is needed further down; the node is full, so nothing is wanted here.
    this.races.take(depth, step, tasks);
    if (barrier) this.phase = depth + 1;
  }
}

/**
 * Fills the path with a unit's prefix.
 * @returns its length
 * @throws LMP-302 the program does not go that way any more
 */
export const freezePrefix = (program: Program, unit: WorkUnit, path: SearchPath): number => {
  const choices = choicesOf(unit.path);
  if (choices.length === 0) return 0;
  const scout = new Scout(path, choices);
  const instance = new ProgramInstance(program);
  instance.go(scout);
  scout.settle(instance.machine.tasks.length);
  if (scout.depth < choices.length || traceOf(path, choices.length) !== unit.trace) {
    throw errors.fail('LMP-302', {
      message:
        scout.depth < choices.length
          ? `the task of choice ${String(scout.depth)} of a prefix cannot go on there now`
          : 'the choices of a prefix lead to other steps than before',
      where: `program ${program.name}`,
      todo: 'make the program build everything anew in make(); explore a changed program from its start',
    });
  }
  path.at(choices.length - 1).preemptions = unit.preemptions;
  return choices.length;
};
