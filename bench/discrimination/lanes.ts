// SPDX-License-Identifier: GPL-2.0-only
import { ModelProcess } from './process.js';
import type { Place } from './try-mutant.js';

/** Carries the tasks out in order of the list, each in the first lane that is free. */
export const inLanes = async <L, T>(
  lanes: readonly L[],
  tasks: readonly T[],
  work: (lane: L, task: T) => Promise<void>,
): Promise<void> => {
  const queue = [...tasks];
  await Promise.all(
    lanes.map(async (lane) => {
      for (let task = queue.shift(); task !== undefined; task = queue.shift()) await work(lane, task);
    }),
  );
};

/** Holds one process at a time, started when it is asked for. */
export class ProcessPlace implements Place {
  private running: Promise<ModelProcess> | undefined;

  constructor(
    private readonly child: string,
    private readonly modules: ReadonlyMap<string, string>,
    private readonly atLoad = -1,
  ) {}

  process(): Promise<ModelProcess> {
    this.running ??= ModelProcess.start(this.child, this.modules, this.atLoad);
    return this.running;
  }

  async lost(): Promise<void> {
    const { running } = this;
    this.running = undefined;
    const process = await running?.catch(() => undefined);
    await process?.end();
  }
}
