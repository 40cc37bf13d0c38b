// SPDX-License-Identifier: GPL-2.0-only
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { chooseAccelerator, type Accelerator, type AcceleratorOptions } from './accelerator.js';
import { makeScratch, type Scratch } from './testing/scratch.js';

let scratch: Scratch;

beforeAll(async () => {
  scratch = await makeScratch();
  await writeFile(join(scratch.dir, 'kvm'), '');
});
afterAll(() => rm(scratch.dir, { recursive: true, force: true }));

let cacheNumber = 0;

const choose = (part: string, more: Partial<AcceleratorOptions> = {}): Promise<Accelerator> => {
  vi.stubEnv('FAKE_QEMU_KVM', part);
  const { kernel, image, qemuPath } = scratch.options(part);
  return chooseAccelerator({
    kernel: { ...kernel, contentKey: 'k1' },
    image: { ...image, contentKey: 'i1' },
    cacheDir: join(scratch.dir, `cache${cacheNumber++}`),
    kvmDevice: join(scratch.dir, 'kvm'),
    firstOutputMs: 400,
    readyMs: 800,
    ...(qemuPath === undefined ? {} : { qemuPath }),
    ...more,
  });
};

describe.runIf(process.platform === 'linux')('the accelerator', () => {
  it('is TCG at once where there is no KVM device', async () => {
    const progress = vi.fn();
    await expect(choose('good', { kvmDevice: join(scratch.dir, 'none'), progress })).resolves.toMatchObject({
      name: 'tcg',
    });
    expect(progress).not.toHaveBeenCalled();
  });

  it('is KVM where the kernel boots under it', async () => {
    await expect(choose('good', { firstOutputMs: 10_000, readyMs: 10_000 })).resolves.toMatchObject({
      name: 'kvm',
      why: expect.stringContaining('ready after'),
    });
  });

  it.each([
    ['aborts', 'exit', /before the guest was ready/],
    ['is silent for ever', 'mute', /nothing came from the console/],
    ['never gets as far as the agent', 'silent', /did not answer/],
  ])('is TCG where a boot under KVM %s', async (_name, part, why) => {
    const answer = await choose(part);
    expect(answer).toMatchObject({ name: 'tcg', why: expect.stringMatching(why) });
    expect(answer.why).not.toContain('\n');
  });

  it('is probed once for each boot of the host, kernel, image and QEMU', async () => {
    const cacheDir = join(scratch.dir, 'cache-once');
    const progress = vi.fn();
    const first = await choose('exit', { cacheDir, progress });
    // Another answer would come now, if it asked again.
    expect(await choose('good', { cacheDir, progress })).toEqual(first);
    expect(progress).toHaveBeenCalledTimes(1);
    const [name] = await readdir(join(cacheDir, 'accelerator'));
    expect(JSON.parse(await readFile(join(cacheDir, 'accelerator', name ?? ''), 'utf8'))).toEqual(first);
    const image = { path: join(scratch.dir, 'image'), contentKey: 'i2' };
    const again = await choose('good', { cacheDir, progress, image, firstOutputMs: 10_000, readyMs: 10_000 });
    expect(again.name).toBe('kvm');
  });

  it('does not trust a damaged answer, and does without a cache it cannot write', async () => {
    const cacheDir = join(scratch.dir, 'cache-bad');
    await choose('exit', { cacheDir });
    const [name] = await readdir(join(cacheDir, 'accelerator'));
    await writeFile(join(cacheDir, 'accelerator', name ?? ''), '{"name":"warp"');
    expect((await choose('exit', { cacheDir })).name).toBe('tcg');
    expect((await choose('exit', { cacheDir: join(scratch.dir, 'kvm') })).name).toBe('tcg');
  });

  it('a kernel that is none is no answer about KVM', async () => {
    const kernel = { vmlinuzPath: join(scratch.dir, 'kvm'), contentKey: 'k' };
    await expect(choose('good', { kernel })).rejects.toMatchObject({ code: 'LMP-705' });
  });
});
