// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { designator, lioPage83, qemuPage83, scsiDebugPage83, vpdPage } from '../fixtures/vpd-pages.js';
import { ascii, be16 } from './bytes.js';
import { groupsOf } from './grouping.js';
import { groupingKey, vpdLunId, wwidText } from './vpd-lun-id.js';
import { vpdTpgId } from './vpd-tpg-id.js';
import type { VpdPage } from './vpd-walk.js';

/** A page that is as long as it says. */
const whole = (data: readonly number[]): VpdPage => ({ len: be16(data, 2) + 4, data });
const of83 = (...designators: readonly (readonly number[])[]): VpdPage => whole(vpdPage(0x83, designators.flat()));

const bytes = (count: number, first: number): number[] => [
  first,
  ...Array.from({ length: count - 1 }, (_, i) => i + 1),
];
const nameString = (text: string): readonly number[] => designator(0x03, 0x08, ascii(text));
const t10 = (text: string): readonly number[] => designator(0x02, 0x01, ascii(text));
const eui = (count: number): readonly number[] => designator(0x01, 0x02, bytes(count, 0xe0));
const naa = (nibble: number, count: number): readonly number[] => designator(0x01, 0x03, bytes(count, nibble << 4));

describe('pages as devices emit them', () => {
  it('QEMU: the wwn decides; device_id, port_wwn and port_index do not', () => {
    const wwn = '500000000000abcd';
    const one = groupingKey(whole(qemuPage83({ deviceId: 'drive-a', wwn })));
    const two = groupingKey(whole(qemuPage83({ deviceId: 'drive-b', wwn, portWwn: '5000000000000f00', portIndex: 2 })));
    expect([one, two]).toEqual([`naa.${wwn}`, `naa.${wwn}`]);
  });

  it('QEMU without a wwn has no identity, and with a wwn of another nibble neither', () => {
    expect(wwidText(whole(qemuPage83({ deviceId: 'drive-a' })))).toBe(-22);
    expect(groupingKey(whole(qemuPage83({ wwn: '2000000000000001' })))).toBeUndefined();
  });

  it('scsi_debug: the later of two equals, so NAA 3 and not the T10 name; one identity for all hosts if asked', () => {
    expect(wwidText(whole(scsiDebugPage83({ hostNo: 0 })))).toBe('naa.33333330000007d0\n');
    expect(groupingKey(whole(scsiDebugPage83({ hostNo: 1 })))).toBe('naa.3333333000000fa0');
    expect(groupingKey(whole(scsiDebugPage83({ hostNo: 1, useHostNo: 0 })))).toBe('naa.33333330000007d0');
    expect(vpdTpgId(whole(scsiDebugPage83({ hostNo: 1 })))).toEqual({ groupId: 0x200, relPort: 1, outOfBounds: false });
  });

  it('LIO: NAA 6 of the serial number, before the T10 name', () => {
    const disk = { serial: '0123456789abcdef0123456789', relativePort: 2, groupId: 7, target: 'naa.6001405000000001' };
    const page = whole(lioPage83(disk));
    expect(groupingKey(page)).toBe('naa.60014050123456789abcdef012345678');
    expect(vpdTpgId(page)).toEqual({ groupId: 7, relPort: 2, outOfBounds: false });
  });

  it('LIO without a serial number: the vendor with its padding, and an escaped NUL', () => {
    const page = whole(lioPage83({ relativePort: 1, groupId: 1, target: 'naa.6001405000000001' }));
    expect(groupingKey(page)).toBe('t10.LIO-ORG \\0');
  });
});

describe('ranks', () => {
  const ladder = [nameString('name.of.a.length'), naa(6, 16), eui(16), eui(12), naa(5, 8), naa(4, 8), eui(8)] as const;

  it('the better of two wins in either order, for every pair of the ladder', () => {
    for (const [i, better] of ladder.entries()) {
      for (const worse of ladder.slice(i + 1)) {
        const alone = wwidText(of83(better));
        expect(wwidText(of83(worse, better))).toBe(alone);
        expect(wwidText(of83(better, worse))).toBe(alone);
      }
    }
  });

  it('the later of two equals wins', () => {
    expect(groupingKey(of83(naa(5, 8), designator(1, 3, bytes(8, 0x5f))))).toBe('naa.5f01020304050607');
    expect(groupingKey(of83(t10('AAAA'), naa(3, 8)))).toBe('naa.3001020304050607');
  });

  it('a name or T10 text never replaces a longer designator, whatever the ranks', () => {
    expect(groupingKey(of83(naa(6, 16), nameString('twelve-bytes')))).toMatch(/^naa\.6/);
    expect(groupingKey(of83(nameString('twelve-bytes'), naa(6, 16)))).toBe('twelve-bytes');
    expect(groupingKey(of83(naa(3, 8), t10('short')))).toBe('naa.3001020304050607');
  });

  it('an NAA of a wrong length takes rank and length over, and leaves the text', () => {
    const broken = designator(1, 3, bytes(10, 0x60));
    expect(vpdLunId(of83(t10('VENDOR'), broken))).toMatchObject({ size: 10 });
    expect(groupingKey(of83(t10('VENDOR'), broken, naa(5, 8)))).toBe('t10.VENDOR');
    expect(vpdLunId(of83(broken)).size).toBe(-22);
  });

  it('the tail of a longer text stays in the key, not in wwid', () => {
    const page = of83(eui(8), nameString('iqn.short'));
    expect(wwidText(page)).toBe('iqn.short\n');
    expect(groupingKey(page)).toBe(`iqn.short${'eui.e001020304050607'.slice('iqn.short'.length)}`);
  });

  it.each([0, 4, 5, 6, 7, 9, 10, 15])('type %i counts as nothing', (type) => {
    expect(vpdLunId(of83(designator(1, type, bytes(8, 0x50)))).size).toBe(-22);
  });

  it('NAA 2, EUI-64 of another length, another association and an empty one count as nothing', () => {
    const nothing = [
      naa(2, 8),
      eui(10),
      designator(1, 0x13, bytes(8, 0x50)),
      designator(1, 0x23, bytes(8, 0x50)),
      designator(1, 8, []),
    ];
    for (const one of nothing) expect(vpdLunId(of83(one)).size).toBe(-22);
  });

  it('no page is ENXIO, a buffer of less than 21 bytes EINVAL', () => {
    expect(vpdLunId(null).size).toBe(-6);
    expect(vpdLunId(of83(naa(5, 8)), 20).size).toBe(-22);
    expect(vpdLunId(of83(naa(5, 8)), 21).size).toBe(20);
  });

  it('T10 text is escaped, cut at the end of the buffer, and its full length returned', () => {
    expect(groupingKey(of83(designator(2, 1, [0x41, 0x00, 0x0a, 0x80, 0xa0, 0x22, 0x5c])))).toBe(
      't10.A\\0\\n\\200\u00a0"\\',
    );
    const long = vpdLunId(
      of83(
        designator(
          2,
          1,
          Array.from({ length: 255 }, () => 0x01),
        ),
      ),
    );
    expect(long.size).toBe(4 + 252 * 4);
    expect(
      groupingKey(
        of83(
          designator(
            2,
            1,
            Array.from({ length: 255 }, () => 0x01),
          ),
        ),
      ),
    ).toHaveLength(255);
  });
});

const anyBytes = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 300 });

describe('bad pages', () => {
  it('nothing throws on random bytes of any claimed length, and the result is a text or -22', () => {
    fc.assert(
      fc.property(anyBytes, fc.integer({ min: 0, max: 700 }), (data, len) => {
        const { size, buffer } = vpdLunId({ len, data });
        expect(size === -22 || size > 0).toBe(true);
        expect(buffer).toHaveLength(256);
        expect(vpdTpgId({ len, data }).groupId).toBeGreaterThanOrEqual(-11);
      }),
      { numRuns: 2_000 },
    );
  });

  it('a whole page never leads behind itself, wherever it is cut it may', () => {
    const page = whole(lioPage83({ serial: 'abc', relativePort: 1, groupId: 1, target: 'naa.6001405000000001' }));
    expect([vpdLunId(page).outOfBounds, vpdTpgId(page).outOfBounds]).toEqual([false, false]);
    // The header of the page lies: it ends in the middle of the NAA designator.
    const short = { len: 12, data: page.data };
    expect(vpdLunId(short)).toMatchObject({ size: 36, outOfBounds: true });
  });

  it('a last designator that claims more than the page holds is used as it claims', () => {
    const data = vpdPage(0x83, [...naa(5, 8), 0x03, 0x08, 0x00, 0x20, ...ascii('abc')]);
    const id = vpdLunId(whole(data));
    expect(id).toMatchObject({ size: 0x20, outOfBounds: true });
    expect(id.buffer.startsWith('abc\0')).toBe(true);
  });

  it('a designator of another association that runs over the end is passed by without being read', () => {
    const data = vpdPage(0x83, [...naa(5, 8), 0x61, 0x93, 0x00, 0x80]);
    expect(vpdLunId(whole(data))).toMatchObject({ size: 20, outOfBounds: false });
  });

  it('a header that begins behind the last whole designator is read', () => {
    expect(vpdLunId(whole(vpdPage(0x83, [...naa(5, 8), 0x61]))).outOfBounds).toBe(true);
    expect(vpdTpgId(whole(vpdPage(0x83, [0x61, 0x95, 0x00, 0x00]))).outOfBounds).toBe(true);
  });
});

it('grouping by key is a partition: each device is in exactly one group, with those of its key', () => {
  const page = fc.array(
    fc.oneof(
      fc.constantFrom(naa(5, 8), naa(6, 16), eui(8), eui(16), nameString('iqn.x:1'), t10('V P 1')),
      fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 12 }).map((body) => designator(1, 3, body)),
    ),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(fc.array(page, { maxLength: 8 }), (devices) => {
      const pages = devices.map((designators) => of83(...designators));
      const groups = groupsOf(pages);
      expect(groups.flat().sort((a, b) => a - b)).toEqual([...pages.keys()]);
      const keys = groups.map((members) => members.map((i) => groupingKey(pages[i] ?? null)));
      for (const [first, ...others] of keys) for (const key of others) expect(key).toBe(first);
      // Two groups have two keys, or at least one of them has none.
      const known = keys.map(([key]) => key).filter((key) => key !== undefined);
      expect(new Set(known).size).toBe(known.length);
      expect(keys.filter(([first, ...others]) => first === undefined && others.length > 0)).toEqual([]);
    }),
  );
});
