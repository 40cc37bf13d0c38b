// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_open,
  bdev_release,
  leaks,
  list_entries,
  settle,
  type gendisk,
  type Steps,
} from '@libmultipath/driver-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelAttach, modelDetach } from '../model/controllers.js';
import { findHead } from '../model/disks.js';
import { modelSetDelayedRemoval } from '../model/head.js';
import { slotOf, type NvmeModelWorld } from '../model/world.js';
import { revision, run } from './testing/user.js';

/* v1 frees works that run with the first head that goes: nothing can be counted behind that. */
const conversions = ['v2', 'v3', 'fixed'].map(revision);

type Act = 'c0' | 'c1' | 'open' | 'close' | 'delay' | 'no delay';
const acts = fc.array(fc.constantFrom<Act>('c0', 'c1', 'open', 'close', 'delay', 'no delay'), { maxLength: 12 });

/** A controller comes if it is not there, and goes if it is; v3 waits in there for openers, so they close before. */
function* toggle(world: NvmeModelWorld, label: string, opened: gendisk[]): Steps<void> {
  if (slotOf(world, label).drvdata === null) {
    yield* modelAttach(world, { controllers: [label] });
    return;
  }
  yield* close(opened);
  yield* modelDetach(world, { controller: label });
}

function* close(opened: gendisk[]): Steps<void> {
  for (const disk of opened.splice(0)) yield* bdev_release(disk);
}

function* act(world: NvmeModelWorld, what: Act, opened: gendisk[]): Steps<void> {
  const head = findHead(world);
  if (what === 'c0' || what === 'c1') yield* toggle(world, what, opened);
  else if (what === 'close') yield* close(opened);
  else if (head === undefined) return;
  else if (what === 'open') {
    if ((yield* bdev_open(head)) === 0) opened.push(head);
  } else yield* modelSetDelayedRemoval(world, { seconds: what === 'delay' ? 3 : 0 });
}

describe.each(conversions)('references over $name', (profile) => {
  it('balance after any order of coming, going, opening, closing and waiting', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(acts, (order) => {
        const { value, reports, machine, world } = run(profile, function* (on) {
          const opened: gendisk[] = [];
          for (const what of order) {
            yield* act(on, what, opened);
            yield* settle([]);
          }
          yield* close(opened);
          for (const label of ['c0', 'c1']) {
            if (slotOf(on, label).drvdata !== null) yield* modelDetach(on, { controller: label });
          }
          return 'ended';
        });
        expect([value, reports.map(({ message }) => message)]).toEqual(['ended', []]);
        const { core } = world;
        expect({
          subsystems: list_entries(core.nvme_subsystems).length,
          instances: core.nvme_instance_ida.used.size,
          minors: core.nvme_ns_chr_minor_ida.used.size,
          module: core.this_module.refcnt,
          leaks: leaks(machine).map(({ message }) => message),
        }).toEqual({ subsystems: 0, instances: 0, minors: 0, module: 0, leaks: [] });
      }),
      { numRuns: 60 },
    );
  });
});
