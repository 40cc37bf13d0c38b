// SPDX-License-Identifier: GPL-2.0-only
import { execFileSync } from 'node:child_process';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elfSection, parseModinfo } from './modinfo.js';
import { moduleOrder, modulesOnDisk, type ModuleSource } from './module-order.js';

/** A relocatable object with one section of content and the section of names. */
const elf = (section: string, content: Buffer): Buffer => {
  const names = Buffer.from(`\0${section}\0.shstrtab\0`, 'latin1');
  const table = 64 + content.length + names.length;
  const file = Buffer.alloc(table + 3 * 64);
  file.write('\x7fELF\x02\x01\x01', 'latin1');
  file.writeBigUInt64LE(BigInt(table), 0x28);
  file.writeUInt16LE(64, 0x3a);
  file.writeUInt16LE(3, 0x3c);
  file.writeUInt16LE(2, 0x3e);
  content.copy(file, 64);
  names.copy(file, 64 + content.length);
  const header = (index: number, name: number, at: number, length: number): void => {
    file.writeUInt32LE(name, table + index * 64);
    file.writeBigUInt64LE(BigInt(at), table + index * 64 + 0x18);
    file.writeBigUInt64LE(BigInt(length), table + index * 64 + 0x20);
  };
  header(1, 1, 64, content.length);
  header(2, section.length + 2, 64 + content.length, names.length);
  return file;
};

const module = (...entries: string[]): Buffer =>
  elf('.modinfo', Buffer.from(entries.map((each) => `${each}\0`).join('')));

const sourceOf = (depends: ReadonlyMap<string, readonly string[]>, builtin: readonly string[] = []): ModuleSource => ({
  builtin: new Set(builtin),
  known: depends.keys(),
  where: 'a test',
  read: (name) => {
    const list = depends.get(name);
    const info = { name, depends: list ?? [], softBefore: [], softAfter: [] };
    return Promise.resolve(list === undefined ? undefined : { content: Buffer.from(name), info });
  },
});

describe('the section reader', () => {
  it('gives the content of the section, whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(elfSection(elf('.modinfo', Buffer.from(bytes)), '.modinfo')).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('finds nothing in a file that is cut or changed, and never fails', () => {
    const whole = module('name=a', 'depends=b,c');
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(whole.length - 1), fc.nat(255), (length, at, byte) => {
        expect(elfSection(whole.subarray(0, length), '.modinfo')).toBeUndefined();
        const changed = Buffer.from(whole);
        changed[at] = byte;
        elfSection(changed, '.modinfo');
      }),
    );
  });

  it('reads dependencies, soft ones too, with one spelling', () => {
    const section = elfSection(
      module('name=nvme_tcp', 'depends=nvme-core,nvme_fabrics', 'softdep=pre: a-b post: c'),
      '.modinfo',
    );
    expect(parseModinfo(section ?? Buffer.alloc(0))).toEqual({
      name: 'nvme_tcp',
      depends: ['nvme_core', 'nvme_fabrics'],
      softBefore: ['a_b'],
      softAfter: ['c'],
    });
  });
});

describe('the order of loading', () => {
  it('puts each module once and after what it depends on, and leaves out what is built in', async () => {
    // Edges point to smaller numbers, so there is no circle.
    const graph = fc.array(fc.array(fc.nat(11), { maxLength: 4 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(graph, fc.array(fc.nat(11), { maxLength: 3 }), async (edges, builtinNumbers) => {
        const depends = new Map(edges.map((to, i) => [`m${i}`, to.filter((n) => n < i).map((n) => `m${n}`)]));
        const builtin = new Set(builtinNumbers.map((n) => `m${n}`));
        const wanted = [...depends.keys()].toReversed();
        const order = (await moduleOrder(sourceOf(depends, [...builtin]), wanted)).map(({ name }) => name);
        expect(new Set(order)).toEqual(new Set(wanted.filter((name) => !builtin.has(name))));
        expect(order).toHaveLength(new Set(order).size);
        const late = [...depends].flatMap(([name, needed]) =>
          builtin.has(name) ? [] : needed.filter((each) => order.indexOf(each) > order.indexOf(name)),
        );
        expect(late).toEqual([]);
      }),
    );
  });

  it('names the module that is missing, who needs it, and what is near it', async () => {
    const source = sourceOf(
      new Map([
        ['nvmet_tcp', ['nvmet', 'nvme_keyrin']],
        ['nvmet', []],
        ['nvme_keyring', []],
      ]),
    );
    const failure = moduleOrder(source, ['nvmet-tcp']);
    await expect(failure).rejects.toMatchObject({ code: 'LMP-806', where: 'a test' });
    await expect(failure).rejects.toThrow(/nvme_keyrin, which nvmet_tcp needs.*nvme_keyring/);
  });

  it('reads plain and compressed modules of a directory, and refuses what is none', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'mpath-modules-'));
    try {
      await mkdir(join(dir, 'kernel/drivers'), { recursive: true });
      await writeFile(join(dir, 'kernel/a-a.ko'), module('depends=b'));
      await writeFile(join(dir, 'kernel/drivers/b.ko.gz'), gzipSync(module('depends=c')));
      await writeFile(join(dir, 'kernel/c.ko'), module('depends='));
      execFileSync('xz', [join(dir, 'kernel/c.ko')]);
      await writeFile(join(dir, 'kernel/broken.ko'), 'text');
      await writeFile(join(dir, 'kernel/cut.ko.xz'), 'text');
      const kernel = {
        name: 'x',
        release: 'x',
        vmlinuzPath: 'x',
        contentKey: 'x',
        modulesDir: dir,
        builtin: new Set<string>(),
      };
      const source = await modulesOnDisk(kernel);
      const order = await moduleOrder(source, ['a_a']);
      expect(order.map(({ name }) => name)).toEqual(['c', 'b', 'a_a']);
      expect(order[0]?.content).toEqual(module('depends='));
      await expect(moduleOrder(source, ['broken'])).rejects.toMatchObject({ code: 'LMP-812' });
      await expect(moduleOrder(source, ['cut'])).rejects.toMatchObject({ code: 'LMP-812' });
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});
