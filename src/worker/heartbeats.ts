import type { Context } from '@temporalio/activity';
import type { ActivityInterceptors } from '@temporalio/worker';

const EVERY_MS = 1000;

/**
 * Every activity heartbeats while it runs, so that a killed worker's activities go to another one within seconds. What an
 * activity itself last told of its progress goes with each beat, for the next attempt.
 */
export function heartbeats(context: Context): ActivityInterceptors {
  let progress: unknown = context.info.heartbeatDetails;
  const { heartbeat } = context;
  const telling = (details: unknown) => {
    progress = details;
    heartbeat(details);
  };
  Object.assign(context, { heartbeat: telling });
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
