// SPDX-License-Identifier: GPL-2.0-only
import { isScript, isTest, type Rule } from '../tree.js';
import { wordsOf } from '../words.js';

const neutral = /^(packages|harness|vm-images)\//;
/** The command composes drivers, so it may name them; a manifest lists what is installed. */
const exempt = /^packages\/cli\/|(^|\/)(package|tsconfig)\.json$|\.md$/;
const protocol = /nvme|scsi/i;

const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, (comment) => comment.replaceAll(/[^\n]/g, ' '));

/**
 * Below `drivers/` nothing names a protocol, in code, in data or in C. Comments may: they explain.
 * Tests may: an example needs a name.
 */
export const neutrality: Rule = (files) =>
  files
    .filter(({ path }) => neutral.test(path) && !exempt.test(path) && !isTest(path))
    .flatMap(({ path, text }) => {
      const named = isScript(path)
        ? wordsOf(path, text).filter(({ value }) => protocol.test(value))
        : withoutComments(text)
            .split('\n')
            .map((value, index) => ({ value: value.trim(), line: index + 1 }))
            .filter(({ value }) => protocol.test(value));
      return named.map(({ value, line }) => ({ where: `${path}:${line}`, message: `names a protocol: ${value}` }));
    });
