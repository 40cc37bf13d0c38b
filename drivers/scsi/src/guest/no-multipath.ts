// SPDX-License-Identifier: GPL-2.0-only
import { errors } from '../errors.js';

/**
 * The guest's side of a word that no kernel in a guest can carry out: none that was released has the code.
 * A scenario with it says `needs: [native-multipath]`, or what else the word asks for, and is not run there.
 * @throws LMP-260 always
 */
export const notInGuest = (word: string) => (): Promise<never> =>
  Promise.reject(
    errors.fail('LMP-260', {
      message: `${word}: no released kernel can show it`,
      todo: 'say `needs:` in the scenario; `mpath explain LMP-260` names the features',
    }),
  );
