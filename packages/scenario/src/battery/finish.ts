// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine, settle, type Steps } from '@libmultipath/kernel';
import { closeFile } from './io.js';
import type { battery_file, BatteryWorld } from './world.js';

const openFiles = ({ run }: BatteryWorld): [string, battery_file][] =>
  [...run.files].filter(([, { closed }]) => !closed);

function* removeAll({ port, driver, shape }: BatteryWorld): Steps<void> {
  for (let path = 0; path < shape.paths; path++) yield* port.removePath(driver, path);
}

/**
 * Ends a shape: whoever can closes, every path goes, and whoever waited for that closes then. What is
 * left afterwards should not be there. With `keep`, the files stay open and no more than the paths goes:
 * nobody may wait for their users.
 *
 * An entry that still waited goes on once the files are closed, and may add a path behind the removal's back
 * (`[remove-path, add-path]`, where removing waits for the file): those paths go at the very end.
 */
export function* finish(world: BatteryWorld, keep: boolean): Steps<void> {
  const machine = currentMachine();
  const { run } = world;
  // What a task that an oops has killed still holds is its consequence: nothing that follows says anything new.
  if (machine.tasks.some(({ killed }) => killed)) return;
  const waiting = machine.tasks.some((task) => task !== current() && !task.done && !task.service);
  if (!keep) {
    for (const [, file] of openFiles(world)) if (file.pending === 0) yield* closeFile(file);
    run.finished = true;
  }
  machine.spawn('remove all', () => removeAll(world));
  yield* settle([waiting]);
  if (keep) return;
  for (const [name, file] of openFiles(world)) machine.spawn(`close ${name} at last`, () => closeFile(file));
  yield* settle([waiting]);
  if (!waiting) return;
  machine.spawn('remove all that came', () => removeAll(world));
  yield* settle([]);
}
