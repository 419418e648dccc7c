import type { Context } from '@temporalio/activity';
import type { ActivityInterceptors } from '@temporalio/worker';

const EVERY_MS = 1000;

/**
 * Lets every activity heartbeat while it runs, so that another worker takes over within seconds when this one is killed. Each
 * heartbeat repeats the details that the activity gave last, for the next attempt.
 */
export function heartbeats(context: Context): ActivityInterceptors {
  let progress: unknown = context.info.heartbeatDetails;
  const { heartbeat } = context;
  const keepDetails = (details: unknown) => {
    progress = details;
    heartbeat(details);
  };
  Object.assign(context, { heartbeat: keepDetails });
  return {
    inbound: {
      async execute(input, next) {
        const beat = setInterval(() => heartbeat(progress), EVERY_MS);
        try {
          return await next(input);
        } finally {
          clearInterval(beat);
        }
      },
    },
  };
}
