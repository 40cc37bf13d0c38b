// SPDX-License-Identifier: GPL-2.0-only
import { Duplex } from 'node:stream';

const makeSide = (peer: () => Duplex): Duplex =>
  new Duplex({
    read: () => {},
    write: (chunk: Uint8Array, _encoding, done) => {
      peer().push(chunk);
      done();
    },
    final: (done) => {
      peer().push(null);
      done();
    },
  });

/** Two ends of one connection in memory: for tests of what speaks over sockets. */
export const streamPair = (): [Duplex, Duplex] => {
  const pair: [Duplex, Duplex] = [makeSide(() => pair[1]), makeSide(() => pair[0])];
  return pair;
};
