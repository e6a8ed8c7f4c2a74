import RequestQueue from 'kafkajs/src/network/requestQueue';

/** kafkajs 2.2.4 sets timers to times that are long gone, of which Node.js 24 warns. It has them fire at once, as ever. */
export function keepTimersPositive(): void {
  const { prototype } = RequestQueue;
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function () {
    this.throttledUntil = Math.max(this.throttledUntil, Date.now());
    schedule.call(this);
  };
}
