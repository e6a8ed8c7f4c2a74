const { STOP_BEFORE_TIMEOUT } = process.env;

/** What the environment of the function says, as milliseconds. */
export const stopBeforeTimeout = STOP_BEFORE_TIMEOUT === undefined ? undefined : Number(STOP_BEFORE_TIMEOUT);
