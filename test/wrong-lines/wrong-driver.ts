// SPDX-License-Identifier: GPL-2.0-only
import { mainlineModel, nvmeDriver, profile_7_3, type MainlineProfile } from '@libmultipath/driver-nvme';

/** The NVMe driver, its model of 7.3 wrong in these parts: a comparison that is worth anything notices. */
export const wrongDriver = (parts: Partial<MainlineProfile['parts']>): typeof nvmeDriver => {
  const wrong = mainlineModel({ ...profile_7_3, parts: { ...profile_7_3.parts, ...parts } });
  return { ...nvmeDriver, models: nvmeDriver.models.map((model) => (model.name === wrong.name ? wrong : model)) };
};
