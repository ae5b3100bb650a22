/** Of the board (值班看板). */
export const BOARD_IDS = {
  /** `data-live` says whether the server tells it now. */
  boardFreshness: 'board-freshness',
  boardSeats: 'board-seats',
  boardSeat: (seat: string) => `board-seat-${seat}`,
  boardTeam: 'board-team',
  boardWaiting: 'board-waiting',
  boardAccepted: 'board-accepted',
  boardFigure: (name: string) => `board-figure-${name}`,
  boardAlarms: 'board-alarms',
  boardAlarm: (kind: string) => `board-alarm-${kind}`,
  boardTicket: (uid: string) => `board-ticket-${uid}`,
  boardLocal: 'board-local',
} as const;
