// SPDX-License-Identifier: GPL-2.0-only
import { kfn, kfree, load, mutex_lock, mutex_unlock, store, type Program, type Steps } from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { explore } from '../explore.js';
import { findingIds, findingsOf } from '../finding/collect.js';
import { lostWakeup, putAgainstWaiter, readAgainstFree, thing } from '../finding/defects.test.kit.js';
import * as toy from '../toy.test.kit.js';
import { withEdge } from './edge.js';
import { repair, type Remedy, type RepairVerdict } from './repair.js';

const verdict = (program: Program): RepairVerdict => {
  const found = explore(program, { memo: false });
  return { ids: findingIds(program, found), complete: found.complete };
};

const firstFinding = (program: Program) => {
  const [finding] = findingsOf(program, explore(program, { memo: false }));
  if (finding === undefined) throw new Error('the program has no finding');
  return finding;
};

const built = new WeakMap<Program, ReadonlySet<string>>();

/** Reader and remover; each takes the lock only with its half of the remedy. The third remedy locks itself out. */
const halves = (switched: ReadonlySet<string> = new Set()): Program => {
  const guarded = (name: string, side: string, body: (o: thing) => Steps<void>) =>
    kfn(name, function* (o: thing, lock: thing): Steps<void> {
      if (switched.has(side)) yield* mutex_lock(lock.first);
      yield* body(o);
      if (switched.has(side)) yield* mutex_unlock(lock.first);
    });
  const program = toy.program('halves', (machine) => {
    const [o, lock] = [new thing(), new thing()];
    const read = guarded('half_read', 'reader locks', function* () {
      if (switched.has('reader looks') && (yield* load(lock, 'ready'))) return;
      yield* load(o, 'value');
    });
    const release = guarded('half_release', 'remover locks', function* () {
      yield* store(lock, 'ready', true);
      yield* kfree(o);
      if (switched.has('remover stays')) yield* mutex_lock(lock.second);
    });
    machine.spawn('reader', () => read(o, lock));
    machine.spawn('remover', () => release(o, lock));
    return () => null;
  });
  built.set(program, switched);
  return program;
};

const remedy = (name: string): Remedy => ({
  name,
  apply: (program) => halves(new Set([...(built.get(program) ?? []), name])),
});

describe('repair', () => {
  it('gives the smallest sets of remedies, and says why the others do not mend', async () => {
    const program = halves();
    const names = ['remover stays', 'remover locks', 'reader looks', 'reader locks'];
    const result = await repair(firstFinding(program), {
      program,
      remedies: names.map(remedy),
      explore: verdict,
      maxEdges: 0,
    });
    expect(result.remedies).toEqual([{ remedies: ['remover locks', 'reader looks', 'reader locks'], complete: true }]);
    expect(result.rejected).toContainEqual({ remedies: ['reader looks'], because: 'the finding stays' });
    expect(result.stopped).toBe(false);
    expect(
      await repair(firstFinding(program), { program, remedies: names.map(remedy), explore: verdict, maxEdges: 0 }),
    ).toEqual(result);
    const wide = await repair(firstFinding(program), {
      program,
      remedies: names.map(remedy),
      explore: verdict,
      maxEdges: 0,
      width: 3,
    });
    expect(wide).toEqual(result);
  });
});

describe('an added edge', () => {
  it('mends a put whose memory its waiter frees, as a grace period before the free', async () => {
    const program = putAgainstWaiter();
    const finding = firstFinding(program);
    const result = await repair(finding, { program, remedies: [], explore: verdict, battery: [readAgainstFree()] });
    expect(result.edges.map(({ edge }) => edge)).toMatchInlineSnapshot(`
      [
        "grace period before kfree of thing.* in thing_release(): synchronize_srcu(), with thing_put() up to its store of thing.ready in a read section; or a reference held across it that thing_release() waits for",
        "grace period before kfree of thing.* in thing_release(): synchronize_srcu(), with thing_put() until it returns in a read section; or a reference held across it that thing_release() waits for",
      ]
    `);
    expect(result.edges.every(({ complete }) => complete)).toBe(true);
  });

  it('does not mend a reader that begins after the free', async () => {
    const program = readAgainstFree();
    const result = await repair(firstFinding(program), { program, remedies: [], explore: verdict });
    expect(result.edges).toEqual([]);
    expect(result.rejected.map(({ because }) => because)).toContain('the finding stays');
  });

  it('changes nothing where the sites do not occur', () => {
    const program = lostWakeup();
    const plain = explore(program, { memo: false });
    const edged = explore(withEdge(program, { first: 'no_such_function', before: 'nor: this one' }), { memo: false });
    expect(edged.ends.stuckAt.map(({ key }) => key)).toEqual(plain.ends.stuckAt.map(({ key }) => key));
    expect(edged.outcomes.map(({ key }) => key)).toEqual(plain.outcomes.map(({ key }) => key));
  });
});

describe('a repair that cannot be done', () => {
  it('is refused when the search does not find the finding', async () => {
    const finding = firstFinding(putAgainstWaiter());
    await expect(repair(finding, { program: lostWakeup(), remedies: [], explore: verdict })).rejects.toMatchObject({
      code: 'LMP-328',
    });
  });

  it('stops at its bound on searches, and says so', async () => {
    const program = halves();
    const names = ['remover stays', 'reader looks', 'remover locks', 'reader locks'];
    const result = await repair(firstFinding(program), {
      program,
      remedies: names.map(remedy),
      explore: verdict,
      maxSearches: 3,
    });
    expect(result).toMatchObject({ remedies: [], searches: 3, stopped: true });
  });

  it('rejects a set after which something new appears', async () => {
    const program = halves();
    const stuck: Remedy = { name: 'stuck', apply: () => lostWakeup() };
    const result = await repair(firstFinding(program), { program, remedies: [stuck], explore: verdict, maxEdges: 0 });
    expect(result.rejected).toEqual([{ remedies: ['stuck'], because: expect.stringMatching(/^new in halves: HANG-/) }]);
  });
});
