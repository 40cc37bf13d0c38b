// SPDX-License-Identifier: GPL-2.0-only

export { scsiDriver } from './driver.js';
export { scsiErrors } from './errors.js';
export { featureTable, type ScsiFeature } from './features.js';
export { environment_6_1, environment_6_12, environment_7_3, environments } from './kernels.js';

export { scsi_add_host, scsi_remove_host, scsi_scan_lun, type LunAt } from './environment/add-host.js';
export { loadAlua } from './environment/alua/handler.js';
export { parseRtpg, rtpgLength, type GroupDescriptor, type RtpgReport } from './environment/alua/rtpg-report.js';
export { ARMED, completionTable, type Completion, type CompletionRow } from './environment/completion-table.js';
export { scsi_device_block, scsi_device_set_state, scsi_internal_device_unblock } from './environment/device-state.js';
export { isLegalDeviceMove, sdev_state_names } from './environment/device-states.js';
export { scsi_dh_activate, scsi_dh_attach } from './environment/dh.js';
export { groupsOf } from './environment/grouping.js';
export { change_identity, disarm_injected, inject, resize_unit, set_transport } from './environment/hardware/change.js';
export { LogicalUnit, type LogicalUnitOptions } from './environment/hardware/logical-unit.js';
export { LunNexus, type Identity, type Injected } from './environment/hardware/lun-nexus.js';
export { TargetPortGroup } from './environment/hardware/port-group-state.js';
export { change_group, type GroupChange } from './environment/hardware/set-groups.js';
export { data_pages } from './environment/hardware/transfer.js';
export { isLegalHostMove, shost_state_names } from './environment/host-states.js';
export { no_multipath, type scsi_multipath } from './environment/multipath-ops.js';
export type { ScsiEnvironmentParts } from './environment/parts.js';
export { scsi_remove_device } from './environment/remove-device.js';
export { scsi_rescan_device } from './environment/rescan.js';
export { scsi_core } from './environment/scsi-core.js';
export { scsi_device, tpgsOf } from './environment/scsi-device.js';
export { Scsi_Host } from './environment/scsi-host.js';
export { groupingKey, vpdLunId, wwidText, type LunId } from './environment/vpd-lun-id.js';
export { vpdTpgId, type PortGroupId } from './environment/vpd-tpg-id.js';
export type { VpdPage } from './environment/vpd-walk.js';

export {
  template_multipath,
  template_multipath_v1,
  template_multipath_v2,
  type TemplateMultipath,
} from './template/multipath.js';
export {
  scsi_get_iopolicy,
  scsi_multipath_param_get,
  scsi_multipath_param_set,
  scsi_set_iopolicy,
} from './template/parameters.js';
export { v3TemplateParts, type TemplateParts } from './template/parts.js';
export { fixedTemplateParts, templatePartsWith, templateRemedies, type TemplateRemedy } from './template/remedies.js';
export { scsi_mpath_device, scsi_mpath_dev_of } from './template/scsi-mpath-device.js';
export { scsi_mpath_head, to_scsi_mpath_head } from './template/scsi-mpath-head.js';
export { sd_mpath_disk } from './template/sd/sd-mpath-disk.js';
export { scsi_mpath_globals, type MultipathMode } from './template/template.js';

export { dmPathOf } from './dm-oracle/path-of.js';

export { libraryModel, modelWith, profileFor } from './models.js';
export type { ScsiModelWorld } from './model/world.js';
export { scsiTopology, type ScsiTopology } from './topology.js';
