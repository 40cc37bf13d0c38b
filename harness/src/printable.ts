// SPDX-License-Identifier: GPL-2.0-only

const DEFAULT_CHARS = 160;

/** Foreign text made safe for a message: control and non-ASCII characters escaped, cut with its true length. */
export const printable = (text: string, maxChars: number = DEFAULT_CHARS): string => {
  const head = text.slice(0, maxChars).replaceAll(/[^\u0020-\u007e]/g, (char) => {
    const code = char.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return text.length > maxChars ? `${head}… (${text.length} characters)` : head;
};
