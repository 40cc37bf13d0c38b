// SPDX-License-Identifier: GPL-2.0-only
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMpath } from '../testing/mpath-process.js';
import { examples, Playground } from './testing/examples.js';

const MINUTES_5 = 300_000;

const own = await examples(false);

describe('the example of a command’s help', () => {
  let ground: Playground;
  beforeAll(async () => {
    await buildMpath();
    ground = await Playground.open();
    // What `mpath replay` is given in its example.
    await ground.run('mpath check --revision v3 --full path-removed-under-load > found.txt');
  }, MINUTES_5);
  afterAll(() => ground?.close());

  it.each(own)(
    'works as it stands: %s',
    async (example) => {
      const { code, output } = await ground.run(example);
      // A check may find, or be stopped at its bound; that is what the example shows. An error it is not.
      expect([0, 1, 4]).toContain(code);
      expect(output).not.toMatch(/^ {4}at /m);
    },
    MINUTES_5,
  );
});
