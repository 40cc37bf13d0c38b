// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseControllerName, parseHeadName, parsePathName } from './names.js';

const id = fc.nat({ max: 1_000_000 });

it('reads the numbers of every name the kernel can make, and takes no name for another kind', () => {
  fc.assert(
    fc.property(id, id, id, (subsystem, controller, instance) => {
      const head = `nvme${subsystem}n${instance}`;
      const path = `nvme${subsystem}c${controller}n${instance}`;
      const ctrl = `nvme${controller}`;
      expect(parseHeadName(head)).toEqual({ subsystem, instance });
      expect(parsePathName(path)).toEqual({ subsystem, controller, instance });
      expect(parseControllerName(ctrl)).toBe(controller);
      expect([parseHeadName(path), parseHeadName(ctrl), parsePathName(head), parsePathName(ctrl)]).toEqual(
        Array.from({ length: 4 }, () => undefined),
      );
      expect([parseControllerName(head), parseControllerName(path)]).toEqual([undefined, undefined]);
    }),
  );
});

it.each(['nvme0n1p1', 'ng0n1', 'nvme-subsys0', 'nvme0c0n1p2', 'xnvme0n1', 'nvme0n'])(
  'takes %s for none of them',
  (name) => {
    expect([parseHeadName(name), parsePathName(name), parseControllerName(name)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  },
);
