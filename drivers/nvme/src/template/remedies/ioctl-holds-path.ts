// SPDX-License-Identifier: GPL-2.0-only
import {
  __module_get,
  kfn,
  kfree,
  KObject,
  kref_get,
  kzalloc,
  module_put,
  queue_work,
  system_unbound_wq,
  work_struct,
  type mpath_device,
  type Steps,
} from '@libmultipath/driver-kit';
import { nvme_put_ns } from '../../environment/nvme-ns.js';
import { errors } from '../../errors.js';
import { is_ctrl_ioctl } from '../../passthrough/numbers.js';
import { nvme_mpath_to_ns, type nvme_ns } from '../v3/nvme-ns.js';
import type { NvmeRemedy } from './remedy.js';

/** One ioctl's hold on its path. Whoever lets go last frees the path, and may wait for the very opener who called. */
class held_path extends KObject {
  readonly work: work_struct;

  constructor(ns: nvme_ns) {
    super();
    this.work = new work_struct(this, () => release(this, ns), 'nvme_ioctl_release');
  }
}

/** So a work lets go. Context: a work. References: drops the path's and the module's. */
const release = kfn('nvme_ioctl_release', function* (held: held_path, ns: nvme_ns): Steps<void> {
  const { this_module } = ns.ctrl.core;
  yield* kfree(held);
  yield* nvme_put_ns(ns);
  yield* module_put(this_module);
});

const wrongOpaque = (opaque: KObject): never => {
  throw errors.fail('LMP-202', { message: `${opaque.label} holds no path`, todo: 'report this' });
};

/** The path that the library goes on using outside of its read section is kept, and with it its controller. */
export const ioctl_holds_path: NvmeRemedy = {
  name: 'ioctl-holds-path',
  removes: ['use after free of the path, by an ioctl of its controller'],
  inC: '`nvme_mpath_ioctl_begin()` takes a reference on the `nvme_ns` and on the module instead of one on the controller, and `nvme_mpath_ioctl_finish()` has a work drop them.',
  apply: (parts) => ({
    ...parts,
    ioctl_pair: {
      ioctl_begin: kfn('nvme_mpath_ioctl_begin', function* (dev: mpath_device, cmd: number): Steps<KObject | null> {
        if (!is_ctrl_ioctl(cmd)) return null;
        const ns = nvme_mpath_to_ns(dev);
        yield* kref_get(ns.kref);
        yield* __module_get(ns.ctrl.core.this_module);
        return yield* kzalloc(() => new held_path(ns));
      }),
      ioctl_finish: kfn('nvme_mpath_ioctl_finish', function* (opaque: KObject): Steps<void> {
        yield* queue_work(system_unbound_wq(), opaque instanceof held_path ? opaque.work : wrongOpaque(opaque));
      }),
    },
  }),
};
