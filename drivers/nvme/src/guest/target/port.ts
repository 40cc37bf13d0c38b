// SPDX-License-Identifier: GPL-2.0-only
import { attributeOf, GONE, GuestErrno, type GuestPort, namesIn, unless } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import { TARGET_NQN } from '../../topology.js';
import { ATTACH_MS, DETACH_MS } from '../deadlines.js';
import { parseControllerName } from '../names.js';
import { placeOf, type NamedController, type Place } from '../place.js';

const CONTROLLERS = '/sys/class/nvme';
const ADDRESS = '127.0.0.1';
const FIRST_SERVICE = 4_420;
/** The host that all connections are of: controllers of two hosts do not share a namespace's head. */
const HOST = 'hostnqn=nqn.2014-08.org.nvmexpress:uuid:libmultipath,hostid=6c69626d-756c-7469-7061-746800000001';

/** Port number `nth` of the target, from 1, and the controller that is connected to it. */
export class TargetPort implements Place {
  constructor(
    readonly label: string,
    readonly nth: number,
  ) {}

  /** TCP port, as configfs and the kernel's address attribute write it. */
  get service(): string {
    return String(FIRST_SERVICE + this.nth);
  }

  get where(): string {
    return `${ADDRESS}:${this.service}`;
  }

  async isAttached(port: GuestPort): Promise<boolean> {
    return (await this.controllers(port)).length > 0;
  }

  async controllers(port: GuestPort): Promise<readonly NamedController[]> {
    const found: NamedController[] = [];
    for (const name of await namesIn(port, CONTROLLERS)) {
      const dir = `${CONTROLLERS}/${name}`;
      if (parseControllerName(name) === undefined) continue;
      const address = (await attributeOf(port, `${dir}/address`)) ?? '';
      if (address.split(',').includes(`trsvcid=${this.service}`)) found.push({ name, dir });
    }
    return found;
  }

  /** What is written to /dev/nvme-fabrics; `more` are further options, e.g. `reconnect_delay=1`. */
  async find(port: GuestPort, more: readonly string[] = []): Promise<void> {
    const options = [
      'transport=tcp',
      `traddr=${ADDRESS}`,
      `trsvcid=${this.service}`,
      `nqn=${TARGET_NQN}`,
      HOST,
      ...more,
    ];
    const write = { path: '/dev/nvme-fabrics', data: options.join(',') };
    await port.call('file.write', write, { deadlineMs: ATTACH_MS });
  }

  async untilLive(port: GuestPort): Promise<void> {
    const [controller] = await this.controllers(port);
    if (controller === undefined)
      throw new GuestErrno('wait.until', 'ETIMEDOUT', `nothing is connected to ${this.where}`);
    await port.call('wait.until', {
      all: [
        { path: `${controller.dir}/state`, is: 'content', equals: 'live' },
        { path: `${controller.dir}/nvme*`, is: 'present' },
      ],
      deadlineMs: ATTACH_MS,
    });
  }

  async remove(port: GuestPort): Promise<void> {
    for (const { dir } of await this.controllers(port)) {
      const deletion = { path: `${dir}/delete_controller`, data: '1' };
      // The kernel may be about to give it up by itself.
      await unless(port.call('file.write', deletion, { deadlineMs: DETACH_MS }), ...GONE);
      await port.call('wait.until', { all: [{ path: dir, is: 'absent' }], deadlineMs: DETACH_MS });
    }
  }
}

/** @throws LMP-234 the controller is no connection to a target */
export const portOf = (places: ReadonlyMap<string, Place>, label: string): TargetPort => {
  const place = placeOf(places, label);
  if (place instanceof TargetPort) return place;
  throw errors.fail('LMP-234', {
    message: `${label} is an emulated PCI controller, and what is asked for needs a target`,
    todo: 'say `transport: tcp` in the topology',
  });
};
