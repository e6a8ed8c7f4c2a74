declare module 'kafkajs/src/network/requestQueue' {
  /** What kafkajs sends its requests from: nothing that it promises, so its version is pinned. */
  class RequestQueue {
    /** In epoch milliseconds. */
    throttledUntil: number;
    scheduleCheckPendingRequests(): void;
  }
  export = RequestQueue;
}
