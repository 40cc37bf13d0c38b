// SPDX-License-Identifier: GPL-2.0-only
import type { MachinePort, VmDevice } from '@libmultipath/contract';
import type { LmpError } from '@libmultipath/errors';
import { withDeadline } from './deadline.js';
import { fail } from './errors.js';
import type { QmpClient } from './qmp-client.js';

const refused = (id: string, message: string): Error =>
  fail('LMP-717', {
    message: `the guest does not give ${id} up: ${message}`,
    where: `device ${id}`,
    todo: 'look at the console for what its slot or its driver says',
  });

/** Devices in and out of a running machine, by QMP. */
export class QmpMachinePort implements MachinePort {
  constructor(
    private readonly qmp: QmpClient,
    /** The end of the machine, which ends every wait. */
    private readonly failure: Promise<LmpError>,
  ) {}

  async unplug(id: string, { deadlineMs }: { readonly deadlineMs: number }): Promise<void> {
    const stops: (() => void)[] = [];
    const gone = new Promise<void>((resolve, reject) => {
      // It may be gone before the command is answered.
      stops.push(
        this.qmp.on('DEVICE_DELETED', ({ device }) => {
          if (device === id) resolve();
        }),
        this.qmp.on('DEVICE_UNPLUG_GUEST_ERROR', ({ device }) => {
          if (device === id) reject(refused(id, 'it says that it cannot'));
        }),
      );
    });
    gone.catch(() => {});
    const ended = this.failure.then((error) => {
      throw error;
    });
    ended.catch(() => {});
    try {
      await this.qmp.execute('device_del', { id });
      await withDeadline(Promise.race([gone, ended]), deadlineMs, () =>
        refused(id, `nothing has happened within ${String(deadlineMs)} ms`),
      );
    } finally {
      for (const stop of stops) stop();
    }
  }

  async plug({ driver, props }: VmDevice): Promise<void> {
    const { id, bus, ...rest } = props;
    await this.qmp.execute('device_add', {
      driver,
      id: String(id),
      ...(bus === undefined ? {} : { bus: String(bus) }),
      ...rest,
    });
  }
}
