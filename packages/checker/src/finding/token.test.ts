// SPDX-License-Identifier: GPL-2.0-only
import { kfn, kfree, load, store, type Program } from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explore } from '../explore.js';
import * as toy from '../toy.test.kit.js';
import { findingsOf } from './collect.js';
import { abba, lostWakeup, pingPong, putAgainstWaiter, readAgainstFree, thing } from './defects.test.kit.js';
import type { Finding } from './finding.js';
import { replayToken } from './replay-token.js';
import { decodeToken, encodeToken } from './token.js';

const search = (program: Program): Finding[] => findingsOf(program, explore(program, { memo: false }));

const caught = (body: () => unknown): unknown => {
  try {
    return body();
  } catch (error) {
    return error;
  }
};

describe('a replay token', () => {
  it.each([readAgainstFree(1, 2), putAgainstWaiter(), abba(1), lostWakeup(), pingPong(3)])(
    'repeats the finding, step by step: $name',
    (program) => {
      for (const { id, replay, events, schedule } of search(program)) {
        expect(replay).toMatch(/^mpath1\.[\w-]+\.[0-9a-f]{8}$/);
        const again = replayToken(replay, ({ program: name }) => (name === program.name ? program : undefined));
        expect(again).toMatchObject({ fit: 'exact', moved: 0, finding: { id, schedule, replay }, schedule });
        expect(again.found).toContain(id);
        expect(again.run.events).toHaveLength(events);
      }
    },
  );

  it('holds choices only where there was one, and takes the white space of a mail', () => {
    const [finding] = search(putAgainstWaiter());
    if (finding === undefined) throw new Error('no finding');
    const token = decodeToken(finding.replay);
    expect(token.choices.length).toBeLessThan(token.steps);
    expect(decodeToken(`  ${finding.replay.slice(0, 40)}\r\n ${finding.replay.slice(40)}\n`)).toEqual(token);
  });

  it('keeps every value it is given', () => {
    const label = fc.string({ maxLength: 12 });
    const choice = fc.oneof(
      fc.record({ task: label, site: label }),
      fc.record({ task: label, site: label, branch: fc.nat(9) }),
    );
    const anyToken = fc.record({
      program: label,
      revision: label,
      args: fc.constantFrom(null, { driver: 'toy', paths: 2 }, [1, 'x']),
      finding: label,
      choices: fc.array(choice),
      steps: fc.nat(),
      digest: label,
    });
    fc.assert(
      fc.property(anyToken, (token) => {
        expect(decodeToken(encodeToken(token))).toEqual(token);
      }),
    );
  });

  it('that is damaged at any place is refused with a number', () => {
    const [finding] = search(putAgainstWaiter());
    const text = finding?.replay ?? '';
    const anyDamage = fc
      .nat(text.length - 1)
      .chain((at) =>
        fc.constantFrom(
          text.slice(0, at),
          text.slice(0, at) + text.slice(at + 1),
          `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`,
        ),
      );
    fc.assert(
      fc.property(anyDamage, (damaged) => {
        expect(caught(() => decodeToken(damaged))).toMatchObject({ code: 'LMP-320', where: 'replay token' });
      }),
      { numRuns: 300 },
    );
    expect(caught(() => decodeToken('mpath9.abc.12345678'))).toMatchObject({ code: 'LMP-321' });
    expect(caught(() => replayToken(text, () => undefined))).toMatchObject({ code: 'LMP-322' });
  });
});

/** Reader and remover whose code is edited: what is between the steps that matter, and the name of one. */
const edited = (edit: 'none' | 'added' | 'gone' | 'renamed' | 'mended'): Program =>
  toy.program('edited', (machine) => {
    const o = new thing();
    const cell = new toy.cell();
    const read = kfn(edit === 'renamed' ? 'thing_peek' : 'thing_read', function* () {
      yield* load(o, 'value');
      if (edit === 'added') for (let nth = 0; nth < 3; nth++) yield* toy.increment(cell);
      if (edit === 'mended') return;
      yield* load(o, 'other');
    });
    const release = kfn('thing_release', function* () {
      if (edit !== 'gone') yield* store(o, 'ready', false);
      if (edit === 'added') yield* toy.increment(cell);
      yield* kfree(o);
    });
    machine.spawn('reader', () => read());
    machine.spawn('remover', () => release());
    machine.spawn('idler', () => toy.write(cell, 1));
    return () => null;
  });

describe('after the code changed', () => {
  const token = search(edited('none')).find(({ sites }) => sites[0]?.includes('other') === true)?.replay ?? '';

  it.each([
    ['none', 'exact'],
    ['added', 're-anchored'],
    ['gone', 're-anchored'],
  ] as const)('the labels lead through it: %s', (edit, fit) => {
    expect(replayToken(token, () => edited(edit))).toMatchObject({ fit, finding: { class: 'use-after-free' } });
  });

  it('says so when the finding is gone, or refuses with the first place that differs', () => {
    expect(caught(() => replayToken(token, () => edited('renamed')))).toMatchObject({
      code: 'LMP-323',
      message: 'choice 0 of 4 is reader at thing_read: load thing.value, but it stands at thing_peek: load thing.value',
    });
    expect(caught(() => replayToken(token, () => edited('mended')))).toMatchObject({ code: 'LMP-323' });
  });
});
