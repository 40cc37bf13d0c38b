// SPDX-License-Identifier: GPL-2.0-only
import type { Remedy } from '@libmultipath/checker';
import {
  libWith,
  mpath_device,
  mpath_iopolicy,
  remedies,
  type LibV3,
  type mpath_head,
  type mpath_head_template,
} from '@libmultipath/core';
import {
  atomic_t,
  blk_mq_alloc_disk,
  boot,
  device,
  device_add,
  kblockd,
  kfn,
  kfree,
  set_capacity,
  type Machine,
  type Program,
  type Steps,
} from '@libmultipath/kernel';

/** A program of core, made again with remedies. */
type OnCore = (names: readonly string[]) => Program;

const origin = new WeakMap<Program, { readonly make: OnCore; readonly names: readonly string[] }>();

const onCore = (name: string, make: (lib: LibV3, machine: Machine) => void): Program => {
  const withNames: OnCore = (names) => {
    const lib = libWith(names);
    const program: Program = {
      name,
      make(machine) {
        make(lib, machine);
        return { outcome: () => null };
      },
    };
    origin.set(program, { make: withNames, names });
    return program;
  };
  return withNames([]);
};

/** The library's remedies, as a repair takes them. */
export const coreRemedies: readonly Remedy[] = remedies.map(({ name }) => ({
  name,
  apply: (program) => {
    const known = origin.get(program);
    if (known === undefined) throw new Error(`${program.name} is no program of core`);
    return known.make([...known.names, name]);
  },
}));

const noPath: mpath_head_template = {
  *available_path() {
    return true;
  },
  *is_disabled() {
    return true;
  },
  *is_optimized() {
    return false;
  },
};

function* makeHead(lib: LibV3): Steps<mpath_head> {
  const head = new lib.mpath_head();
  lib.mpath_init();
  kblockd();
  yield* lib.mpath_head_init(head);
  head.mpdt = noPath;
  head.iopolicy = new mpath_iopolicy();
  head.disk_groups = [lib.mpath_attr_group];
  head.parent = new device('parent');
  yield* device_add(head.parent);
  return head;
}

/** an opener's last put against `mpath_head_uninit()`, after which the driver frees. */
export const lastPut = onCore('last put', (lib, machine) => {
  const head = boot(machine, function* () {
    const made = yield* makeHead(lib);
    yield* lib.mpath_get_head(made);
    return made;
  });
  const driver_release = kfn('driver_release', function* (): Steps<void> {
    yield* lib.mpath_head_uninit(head);
    yield* kfree(head);
  });
  machine.spawn('opener', () => lib.mpath_put_head(head));
  machine.spawn('driver', () => driver_release());
});

/** A disk whose only path is disabled is removed while its partitions are being read. */
export const scanAgainstRemoval = onCore('scan against removal', (lib, machine) => {
  const head = boot(machine, function* () {
    const made = yield* makeHead(lib);
    yield* lib.mpath_alloc_head_disk(made, 0);
    if (made.disk === null) throw new Error('the head has no disk');
    yield* set_capacity(made.disk, 2_048);
    const path = new mpath_device();
    yield* lib.mpath_add_device(path, made, yield* blk_mq_alloc_disk(0), -1, new atomic_t(path));
    yield* lib.mpath_device_set_live(path);
    return made;
  });
  machine.spawn('remover', () => lib.mpath_remove_disk(head));
});
