// SPDX-License-Identifier: GPL-2.0-only
import type { Random } from '../random.js';
import type { Sampler } from './sampler.js';

/** Each task that can go on alike. Whoever has many steps to take is seldom overtaken. */
export const randomWalk = (random: Random): Sampler => ({ pick: (enabled) => enabled[random(enabled.length)] });
