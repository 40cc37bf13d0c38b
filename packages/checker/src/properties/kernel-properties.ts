// SPDX-License-Identifier: GPL-2.0-only
import {
  activeInFreedMemory,
  hungTasks,
  leaks,
  unbalancedModules,
  type bio,
  type Machine,
  type Property,
  type Report,
} from '@libmultipath/kernel';

/*
 * What must hold of any machine, whatever runs on it. Everything is told from the kernel's
 * own objects; a library or a driver adds what it knows of its own.
 */

const none = (reports: readonly Report[]): readonly Report[] | undefined =>
  reports.length === 0 ? undefined : reports;

/** Works, timers and callbacks that are still to run in memory that is gone. */
export const noWorkOnFreedMemory: Property = {
  name: 'no work pending on freed memory',
  class: 'use-after-free',
  when: 'settled',
  check: (machine) => none(activeInFreedMemory(machine)),
};

/** Module references that nobody accounts for at the end. */
export const modulesBalanced: Property = {
  name: 'module references balanced',
  class: 'module',
  check: (machine) => none(unbalancedModules(machine)),
};

/** Tasks that wait for ever: a ring of them is a deadlock, any other a hang. */
export const nobodyStuck: Property = {
  name: 'no task waits for ever',
  class: 'hang',
  check: (machine) => none(hungTasks(machine)),
};

/** Memory that nothing leads to any more. For programs whose globals lead to all they keep. */
export const nothingLeaked: Property = {
  name: 'no memory leaked',
  class: 'leak',
  check: (machine) => none(leaks(machine)),
};

/**
 * Every bio ends, once: a second end is a report of the kernel's own; this one says which never came.
 * @param submitted the bios that the program submitted in this run
 */
export const biosComplete = (submitted: (machine: Machine) => readonly bio[]): Property => ({
  name: 'every bio completes exactly once',
  class: 'lost-io',
  check: (machine) => {
    const lost = submitted(machine).filter(({ completed }) => !completed);
    if (lost.length === 0) return undefined;
    const [first] = lost;
    const to = first?.bi_bdev?.bd_disk.disk_name ?? 'no device';
    return `lost I/O: ${String(lost.length)} bio${lost.length === 1 ? '' : 's'} never completed, the first for ${to} at sector ${String(first?.bi_sector ?? 0)}`;
  },
});

/** All of them that need no argument. */
export const kernelProperties: readonly Property[] = [noWorkOnFreedMemory, modulesBalanced, nobodyStuck];
