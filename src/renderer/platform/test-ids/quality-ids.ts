/** Of 质检. */
export const QUALITY_IDS = {
  /** One list is `quality-list-<list>`. */
  qualityList: 'quality-list',
  qualityTable: 'quality-table',
  qualityRow: (ticketUid: string) => `quality-row-${ticketUid}`,
  qualityPanel: 'quality-panel',
  qualityState: 'quality-state',
  qualityPoints: (item: string) => `quality-points-${item}`,
  qualityReason: (item: string) => `quality-reason-${item}`,
  qualityVeto: (veto: string) => `quality-veto-${veto}`,
  qualityRemark: 'quality-remark',
  qualityTotal: 'quality-total',
  qualitySend: 'quality-send',
  qualityResult: 'quality-result',
  qualityWords: 'quality-words',
  /** `quality-outcome-kept`, `quality-outcome-changed` */
  qualityOutcome: 'quality-outcome',
  qualityCalibrate: 'quality-calibrate',
  qualitySpread: 'quality-spread',
} as const;
