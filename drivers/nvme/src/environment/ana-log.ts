// SPDX-License-Identifier: GPL-2.0-only

/** One group of an ANA log page. Numbers of any width: what does not fit its field is cut, as a device would. */
export interface AnaGroup {
  readonly grpid: number;
  readonly state: number;
  readonly chgcnt?: number;
  /** Ascending, as the specification wants them. */
  readonly nsids: readonly number[];
}

/** Length of struct nvme_ana_rsp_hdr. */
export const ANA_HEADER_BYTES = 16;
/** Length of struct nvme_ana_group_desc without its namespace ids. */
export const ANA_DESCRIPTOR_BYTES = 32;

const write = (bytes: number[], at: number, width: number, value: number): void => {
  for (let i = 0; i < width; i++) bytes[at + i] = Math.floor(value / 2 ** (8 * i)) & 0xff;
};

/** struct nvme_ana_group_desc: grpid le32, nnsids le32, chgcnt le64, state u8, 15 reserved, nsids le32 each. */
const descriptor = ({ grpid, state, chgcnt = 0, nsids }: AnaGroup): number[] => {
  const bytes: number[] = Array.from({ length: ANA_DESCRIPTOR_BYTES + 4 * nsids.length }, () => 0);
  write(bytes, 0, 4, grpid);
  write(bytes, 4, 4, nsids.length);
  write(bytes, 8, 8, chgcnt);
  bytes[16] = state & 0xff;
  nsids.forEach((nsid, i) => {
    write(bytes, ANA_DESCRIPTOR_BYTES + 4 * i, 4, nsid);
  });
  return bytes;
};

/**
 * The bytes of an ANA log page (log identifier 0x0c): struct nvme_ana_rsp_hdr (chgcnt le64, ngrps le16, 6
 * reserved), then one descriptor after the other, everything little-endian.
 * @param ngrps how many groups the header claims; absent: as many as there are
 */
export const anaLogPage = (groups: readonly AnaGroup[], chgcnt = 0, ngrps = groups.length): number[] => {
  const header: number[] = Array.from({ length: ANA_HEADER_BYTES }, () => 0);
  write(header, 0, 8, chgcnt);
  write(header, 8, 2, ngrps);
  return [...header, ...groups.flatMap(descriptor)];
};
