// SPDX-License-Identifier: GPL-2.0-only

/** Name of the driver that the templates are written for. */
const EXAMPLE = 'acme';

const LONGEST = 40;

/** Can a driver or scenario be called so? */
export const isName = (name: string): boolean => name.length <= LONGEST && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name);

const snake = (name: string): string => name.replaceAll('-', '_');

const camel = (name: string): string => name.replaceAll(/-(.)/g, (_match, letter: string) => letter.toUpperCase());

/** A template's text for a driver of another name: `acme_probe`, `acmeDriver` and plain `acme`. */
export const renamed = (text: string, name: string): string =>
  text
    .replaceAll(new RegExp(`\\b${EXAMPLE}_`, 'g'), `${snake(name)}_`)
    .replaceAll(new RegExp(`\\b${EXAMPLE}Driver\\b`, 'g'), `${camel(name)}Driver`)
    .replaceAll(new RegExp(`\\b${EXAMPLE}\\b`, 'g'), name);
