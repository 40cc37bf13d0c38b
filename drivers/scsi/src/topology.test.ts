// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupsOf } from './environment/grouping.js';
import { vpdLunId, wwidText } from './environment/vpd-lun-id.js';
import { lowerTopology } from './guest/lower.js';
import { environment_7_3 } from './kernels.js';
import { identityOf } from './model/identity.js';
import { declaredNames, scsiTopology, type ScsiTopology } from './topology.js';

const messagesOf = (given: unknown): string[] => {
  const parsed = scsiTopology.safeParse(given);
  return parsed.success ? [] : parsed.error.issues.map(({ message }) => message);
};

const page83 = (topology: ScsiTopology): number[][] =>
  topology.paths.map((path) => {
    const unit = topology.units.find(({ label }) => label === path.unit);
    if (unit === undefined) throw new Error('no unit');
    return [...(identityOf(topology, unit, path, environment_7_3.arrays).vpd.get(0x83) ?? [])];
  });

describe('the topology', () => {
  it('needs no more than names of paths', () => {
    const topology = scsiTopology.parse({ paths: ['a', 'b'] });
    expect(topology).toMatchObject({ nodes: 1, multipath: 'always', alua: false });
    expect(topology.paths.map(({ unit, host, lun }) => [unit, host, lun])).toEqual([
      ['u', 'a', 0],
      ['u', 'b', 0],
    ]);
    expect(declaredNames(topology).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'path a',
      'path b',
      'host a',
      'host b',
      'unit u',
    ]);
  });

  it('numbers paths on one host', () => {
    const topology = scsiTopology.parse({ paths: { a: { host: 'h' }, b: { host: 'h' }, c: {} } });
    expect(topology.paths.map(({ lun }) => lun)).toEqual([0, 1, 0]);
  });

  it.each([
    [{ paths: { a: { unit: 'x' } } }, 'no unit is labelled x'],
    [{ paths: { a: { group: 'g' } } }, 'no group is labelled g'],
    [{ paths: { a: { node: 3 } } }, 'host a: expected a node below 1'],
    [{ paths: { a: { host: 'h', lun: 1 }, b: { host: 'h', lun: 1 } } }, 'another path has the same host, id and lun'],
    [{ paths: {} }, 'expected 1 to 8 paths'],
  ])('refuses %j', (given, message) => {
    expect(messagesOf(given)).toContain(message);
  });

  it('groups paths as the kernel does, and every path is in one group', () => {
    const naa = fc.constantFrom('5000000000000001', '5000000000000002', '60014050000000000000000000000001');
    const id = fc.oneof(
      naa.map((value) => ({ naa: value })),
      fc.constantFrom('0011223344556677', '00112233445566778899aabb').map((eui) => ({ eui })),
      fc.constantFrom('LIO-ORG one', 'LIO-ORG two').map((t10) => ({ t10 })),
      fc.constantFrom('iqn.one', 'iqn.two').map((name) => ({ 'name-string': name })),
      fc.constant({ vendor: 'drive' }),
    );
    fc.assert(
      fc.property(fc.array(fc.array(id, { maxLength: 3 }), { minLength: 1, maxLength: 6 }), (all) => {
        const topology = scsiTopology.parse({
          paths: Object.fromEntries(all.map((ids, index) => [`p${String(index)}`, { ids }])),
        });
        const pages = page83(topology).map((data) => ({ len: data.length, data }));
        const groups = groupsOf(pages);
        expect(groups.flat().toSorted((a, b) => a - b)).toEqual(pages.map((_, index) => index));
        for (const group of groups) {
          const names = new Set(group.map((index) => wwidText(pages[index] ?? null)));
          expect(names.size).toBe(1);
        }
        expect(pages.every((page) => !vpdLunId(page).outOfBounds)).toBe(true);
      }),
    );
  });
});

describe('the machine of a topology', () => {
  it('has an adapter for each host and a disk for each path', () => {
    const spec = lowerTopology(
      scsiTopology.parse({ nodes: 2, paths: { a: { host: 'h', node: 1 }, b: { host: 'h' } } }),
    );
    expect(spec.ports).toEqual([{ id: 'port-h', node: 1 }]);
    expect(spec.devices.map(({ driver }) => driver)).toEqual(['virtio-scsi-pci', 'scsi-hd', 'scsi-hd']);
    expect(spec.devices[2]?.props).toMatchObject({
      bus: 'adapter-h.0',
      lun: 1,
      serial: 'path-b',
      wwn: '0x5000000000000001',
    });
  });

  it.each([
    { units: { u: { tpgs: 'implicit' } }, paths: ['a'] },
    { units: { u: { type: 'tape' } }, paths: ['a'] },
    { units: { u: { ids: [{ t10: 'x' }] } }, paths: ['a'] },
    { groups: { g: {} }, paths: { a: { group: 'g' } } },
  ])('is refused where QEMU has no such disk: %j', (given) => {
    expect(() => lowerTopology(scsiTopology.parse(given))).toThrow(expect.objectContaining({ code: 'LMP-262' }));
  });
});
