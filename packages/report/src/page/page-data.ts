// SPDX-License-Identifier: GPL-2.0-only
import type { CheckDocument, DiffDocument, FindingStory, VerifyDocument } from '@libmultipath/contract';

/** A finding as its page shows it. */
export interface PageStory {
  readonly story: FindingStory;
  /** What the kernel would have printed. */
  readonly report: readonly string[];
  /** The finding as a plain text mail; empty where it would be too long. */
  readonly mail: string;
  /** The run had so many events; the page has a sample of them. Absent: it has all. */
  readonly sampledOf?: number;
}

/** What a page shows, as it stands in its data element. */
export type PageData =
  | { readonly kind: 'check'; readonly document: CheckDocument; readonly stories: readonly PageStory[] }
  | { readonly kind: 'replay'; readonly stories: readonly PageStory[] }
  | { readonly kind: 'verify'; readonly document: VerifyDocument }
  | { readonly kind: 'diff'; readonly document: DiffDocument };
