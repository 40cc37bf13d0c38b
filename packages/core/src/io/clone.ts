// SPDX-License-Identifier: GPL-2.0-only
import { bio, expectPointer, expectSteps, type Steps } from '@libmultipath/kernel';

const NAME = 'mpath_head_template.clone_bio';

/** What the driver's `clone_bio` gave: a bio or NULL. */
export function* clone_from(clone_bio: (original: bio) => Steps<bio | null>, original: bio): Steps<bio | null> {
  return expectPointer(NAME, yield* expectSteps(NAME, clone_bio(original)), bio);
}
