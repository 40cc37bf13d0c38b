// SPDX-License-Identifier: GPL-2.0-only
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMpath } from '../testing/mpath-process.js';
import { examples, Playground } from './testing/examples.js';

const own = await examples(true);

describe('the example of a command’s help that boots machines', () => {
  let ground: Playground;
  beforeAll(async () => {
    await buildMpath();
    ground = await Playground.open();
  });
  afterAll(() => ground?.close());

  it.each(own)('works as it stands: %s', async (example) => {
    expect(await ground.run(example)).toMatchObject({ code: 0 });
  });
});
