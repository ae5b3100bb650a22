/** Of what is laid over a ticket: 督办, 批示, 权属. */
export const OVERSIGHT_IDS = {
  ticketOrders: 'ticket-orders',
  ticketOrder: (id: string) => `ticket-order-${id}`,
  /** A button of an order: `progress` or `finish`. */
  orderStep: (step: string, id: string) => `order-${step}-${id}`,
  /** What begins a step that is about nothing else: `order`, `unclear` … */
  overlayOpen: (step: string) => `overlay-open-${step}`,
  overlayDialog: 'overlay-dialog',
  overlayField: (field: string) => `overlay-${field}`,
  overlayScan: 'overlay-scan-add',
  overlayWords: 'overlay-words',
  overlayConfirm: 'overlay-confirm',
  overlayOrder: 'overlay-order',
  ticketOwnership: 'ticket-ownership',
  ticketStage: (stage: string) => `ticket-stage-${stage}`,
  ticketOpenReview: 'ticket-open-review',
  ticketReviews: 'ticket-reviews',
  ticketMeasures: 'ticket-measures',
  ticketAnnouncements: 'ticket-announcements',
  measureDone: (id: string) => `measure-done-${id}`,
  coOrders: 'co-orders',
  coOrder: (unit: string) => `co-order-${unit}`,
  coAdd: 'co-add',
  coWithdraw: (unit: string) => `co-withdraw-${unit}`,
  coMark: 'co-mark',
  ticketWaiting: 'ticket-waiting',
  ticketFlows: 'ticket-flows',
  ticketFlow: (receiver: string) => `ticket-flow-${receiver}`,
  /** A button of a flow: `flow_receipt`, `flow_result`, `hand_over`. */
  flowStep: (step: string, receiver: string) => `${step}-${receiver}`,
  orderMark: 'order-mark',
  decideActing: 'decide-acting',
} as const;
