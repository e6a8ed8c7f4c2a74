/** When events were sent, and simulations start, unless an option says otherwise: the same each time. */
export const startTime = new Date('2026-01-01T00:00:00.000Z');
