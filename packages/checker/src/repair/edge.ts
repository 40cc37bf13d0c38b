// SPDX-License-Identifier: GPL-2.0-only
import {
  KObject,
  makeStep,
  siteLabel,
  type Step,
  type Access,
  type Machine,
  type Program,
  type StepOptions,
  type Steps,
  type Task,
} from '@libmultipath/kernel';

/**
 * An order that the code does not have yet: who arrives at `before` waits for every `first`
 * that is running, until it has passed `until` or returned. Those that begin later are not
 * waited for, as with a grace period.
 */
export interface Edge {
  /** Kernel function whose running counts as a read section. */
  readonly first: string;
  /** Site label that ends the section; absent: the function's return. */
  readonly until?: string;
  /** Site label before which is waited. */
  readonly before: string;
}

/** One running activation of the function that is waited for. */
class EdgeSection {
  constructor(readonly task: Task) {}
}

/** What the edge's own steps touch: a grace period with its sections. */
class edge_gate extends KObject {
  readonly sections = new Set<EdgeSection>();

  step(op: string, access: Access, options: StepOptions = {}): Step {
    return makeStep(op, this, 'sections', access, { ordering: 'full', ...options });
  }
}

/** What the step before a task's first one touches: nobody else knows it. */
class edge_start extends KObject {}

/** A step of the edge, and what it does. */
interface Extra {
  readonly step: Step;
  readonly effect: () => void;
}

/** Puts the steps of the edge between those of one task. */
class OrderedTask {
  private readonly extras: Extra[] = [];
  private section: EdgeSection | undefined;
  private passed = false;
  /** The task's own step that comes after the extras; undefined: it has ended. */
  private own: Step | undefined;

  constructor(
    private readonly task: Task,
    private readonly gate: edge_gate,
    private readonly edge: Edge,
    private readonly goOn: () => void,
  ) {
    this.own = task.pending;
  }

  /** After the pending step was taken: makes the next one pending. */
  advance(): void {
    const taken = this.extras.shift();
    if (taken === undefined) this.takeOwn();
    else taken.effect();
    const [extra] = this.extras;
    this.task.pending = extra === undefined ? this.own : extra.step;
    this.task.done = this.task.pending === undefined;
  }

  private takeOwn(): void {
    const { task, edge } = this;
    const last = this.own === undefined ? '' : siteLabel(this.own);
    this.goOn();
    this.own = task.pending;
    const inside = task.stack().includes(edge.first);
    if (this.section !== undefined && (!inside || last === edge.until)) {
      this.leave(this.section);
      this.passed = true;
    }
    if (!inside) this.passed = false;
    if (this.section === undefined && inside && !this.passed) this.enter();
    if (this.own !== undefined && siteLabel(this.own) === edge.before) this.wait();
  }

  private enter(): void {
    const section = new EdgeSection(this.task);
    this.section = section;
    const effect = (): void => void this.gate.sections.add(section);
    this.extras.push({ step: this.gate.step('edge_enter', 'add'), effect });
  }

  private leave(section: EdgeSection): void {
    this.section = undefined;
    const effect = (): void => void this.gate.sections.delete(section);
    this.extras.push({ step: this.gate.step('edge_leave', 'add'), effect });
  }

  /** Waits for those that are inside now. */
  private wait(): void {
    const { sections } = this.gate;
    const effect = (): void => {
      const waited = [...sections].filter((section) => section !== this.section);
      if (waited.length === 0) return;
      const enabled = (): boolean => !waited.some((section) => sections.has(section));
      this.extras.push({ step: this.gate.step('edge_end', 'update', { enabled }), effect: () => undefined });
    };
    this.extras.push({ step: this.gate.step('edge_begin', 'update'), effect });
  }
}

/** The program with the edge added: every search, sampler and replay runs it like any other. */
export const withEdge = (program: Program, edge: Edge): Program => ({
  ...program,
  name: `${program.name} + edge`,
  make(machine: Machine) {
    const gate = new edge_gate();
    machine.globals.set(`edge ${edge.first} ${edge.until ?? ''} ${edge.before}`, gate);
    const spawn = machine.spawn.bind(machine);
    machine.spawn = (name, start, options) => {
      // A task runs to its first step as it is spawned: it stops before, so that it can be taken hold of.
      const late = function* (): Steps<void> {
        yield makeStep('edge_start', new edge_start(), 'start', 'read');
        yield* start();
      };
      const task = spawn(name, late, options);
      const ordered = new OrderedTask(task, gate, edge, task.advance.bind(task));
      task.advance = () => {
        ordered.advance();
      };
      return task;
    };
    return program.make(machine);
  },
});
