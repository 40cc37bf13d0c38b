// SPDX-License-Identifier: GPL-2.0-only
import { withCurrent, type Machine, type Property, type Report } from '@libmultipath/kernel';

type When = NonNullable<Property['when']>;

/** Which properties are asked at a moment: what must hold after each step must hold at the end as well. */
const asked: Readonly<Record<When, readonly When[]>> = {
  end: ['end', 'settled', 'step'],
  settled: ['settled'],
  step: ['step'],
};

const reportsOf = (property: Property, machine: Machine): readonly Report[] => {
  const wrong = withCurrent(machine, undefined, () => property.check(machine));
  if (wrong === undefined) return [];
  if (typeof wrong !== 'string') return wrong;
  return [
    {
      class: property.class,
      message: wrong,
      object: '',
      task: '',
      site: undefined,
      stack: [property.name],
      others: [],
    },
  ];
};

/** What does not hold at this moment, as reports; nothing is booked on the machine. */
export const judge = (properties: readonly Property[], machine: Machine, moment: When): Report[] =>
  properties
    .filter(({ when = 'end' }) => asked[moment].includes(when))
    .flatMap((property) => reportsOf(property, machine));
