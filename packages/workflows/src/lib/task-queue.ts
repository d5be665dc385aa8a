/** The queue that clients, workflows and workers use unless they are told another. */
export const defaultTaskQueue = 'radiotracer';
