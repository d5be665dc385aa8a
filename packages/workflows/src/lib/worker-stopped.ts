/**
 * Type of the `ApplicationFailure`, not retryable, by which an activity says that its worker was told to stop. The
 * step then starts again, as often as it happens; a retry would count it among the crashes.
 */
export const workerStopped = 'WorkerStopped';
