// SPDX-License-Identifier: GPL-2.0-only
import type { Remedy } from '@libmultipath/checker';
import { remedies } from '@libmultipath/core';
import type { Program } from '@libmultipath/kernel';
import { checkedProgram } from '../check/check-program.js';
import { modelOf, POSTED, type Profile } from '../check/models.js';
import type { Chosen } from '../selection.js';

/** What a program was made from, so that it can be made again with one remedy more. */
interface Origin {
  readonly chosen: Chosen;
  readonly names: readonly string[];
}

/** Programs of scenarios, and the remedies of the library and of the driver for them. */
export class Remedied {
  private readonly origins = new WeakMap<Program, Origin>();

  /** The scenario on the driver's model; a remedy can be put in where it is on the library. */
  program(chosen: Chosen, profile: Profile, names: readonly string[]): Program {
    const program = checkedProgram(chosen, profile);
    this.origins.set(program, { chosen, names });
    return program;
  }

  /** Those that are not in it yet; none where the model is not of the library as it was posted. */
  remedies(chosen: Chosen, profile: Profile): readonly Remedy[] {
    const [revision, ...names] = profile.name.split('+');
    if (revision !== POSTED || chosen.driver.libraryModel === undefined) return [];
    return [...remedies.map(({ name }) => name), ...(chosen.driver.remedies ?? [])]
      .filter((name) => !names.includes(name))
      .map((name) => ({ name, apply: (program) => this.with(program, name) }));
  }

  private with(program: Program, name: string): Program {
    const origin = this.origins.get(program);
    if (origin === undefined) throw new Error(`${program.name} was not made of a scenario`);
    const names = [...origin.names, name];
    const profile = modelOf(origin.chosen.driver, { revision: POSTED, remedies: names });
    if (profile === undefined) throw new Error(`${origin.chosen.driver.name} lost its library model`);
    return this.program(origin.chosen, profile, names);
  }
}
