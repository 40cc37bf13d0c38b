// SPDX-License-Identifier: GPL-2.0-only
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { likeForLike } from './like-for-like.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
writeFileSync(new URL('../like-for-like.md', import.meta.url), likeForLike(root));
